// The search field, a combobox: / and Ctrl K (⌘ K) go to it, the latter with every page and deed one can go to; in what
// it found the arrows go up and down, Enter opens, Escape puts it away. The focus stays in the field: `aria-activedescendant` says which one is meant.
const field = () => document.querySelector("[data-search]");
if (field()?.autofocus) field().select(); // what was asked for is marked: the next number that is scanned takes its place
const options = () => [...document.querySelectorAll("#found [role=option]")];

document.addEventListener("keydown", (event) => {
  const search = field();
  if (!search) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    search.focus();
    search.select();
    search.dispatchEvent(new Event("palette"));
  }
  if (event.target !== search || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(search, event);
  else if (event.key === "Enter") open(event);
  else if (event.key === "Escape" && options().length) {
    event.preventDefault(); // the first Escape puts the proposals away, the second empties the field
    putAway();
  } else if (event.key === "Tab") putAway();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) putAway();
});
let emptied = false; // by hand: then nothing is proposed
document.addEventListener("input", ({ target }) => {
  if (target === field()) emptied = !target.value.trim();
});
document.addEventListener("palette", () => (emptied = false), true);
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "found") return;
  if (document.activeElement !== field() || (emptied && !field().value.trim())) putAway();
  field().setAttribute("aria-expanded", options().length > 0);
  field().removeAttribute("aria-activedescendant");
});

function step(search, event) {
  const all = options();
  if (!all.length) return;
  event.preventDefault();
  const at = all.findIndex((each) => each.id === search.getAttribute("aria-activedescendant"));
  const next = event.key === "ArrowDown" ? (at + 1) % all.length : (at < 1 ? all.length : at) - 1;
  all.forEach((each, place) => each.setAttribute("aria-selected", place === next));
  all[next].scrollIntoView({ block: "nearest" });
  search.setAttribute("aria-activedescendant", all[next].id);
}

function open(event) {
  const meant = options().find((each) => each.getAttribute("aria-selected") === "true");
  if (!meant) return;
  event.preventDefault();
  meant.click();
}

function putAway() {
  document.getElementById("found")?.replaceChildren();
  field()?.setAttribute("aria-expanded", false);
  field()?.removeAttribute("aria-activedescendant");
}
