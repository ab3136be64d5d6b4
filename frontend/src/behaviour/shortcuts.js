// One key each, outside of fields: / goes to what has data-shortcut="/", n follows the link with data-shortcut="n".
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
  if (event.target.matches?.("input, textarea, select, [contenteditable]") || !["/", "n"].includes(event.key)) return;
  const wanted = document.querySelector(`[data-shortcut="${event.key}"]`) || (event.key === "/" && document.querySelector("[data-search]"));
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("a")) wanted.click();
  else {
    wanted.focus();
    wanted.select?.();
  }
});
