// One key each, outside of fields that take it: / goes to the search field; any other to what has it as its data-shortcut, and
// follows it where it is a link or presses it where it is a button (n: a new customer; c: the criteria of the list).
// In a list the arrows go from row to row; Enter opens the row, as on any link.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const row = event.target.closest?.("table.list tr");
  if (row && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const link = next?.querySelector("a.row-link");
    if (link) {
      event.preventDefault();
      link.focus();
    }
    return;
  }
  if (event.target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
  if (event.target.matches?.("[type=radio]") && event.key.startsWith("Arrow")) return;
  const keyed = [...document.querySelectorAll("[data-shortcut]")].find((each) => each.dataset.shortcut === event.key);
  const wanted = event.key === "/" ? document.querySelector("[data-search]") : keyed;
  if (!wanted || event.repeat) return; // a key held down answers one page, not those that follow
  event.preventDefault();
  if (wanted.matches("a, button")) wanted.click();
  else {
    wanted.focus();
    wanted.select?.();
  }
});
