// The search field, a combobox: / and Ctrl K (⌘ K) go to it, the latter with every page and deed one can go to; in what
// it found the arrows go up and down, Enter opens, Escape puts it away. The focus stays in the field: `aria-activedescendant` says which one is meant.
const field = () => document.querySelector("[data-search]");
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
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
  else if (event.key === "Enter") open(event);
  else if (event.key === "Escape" && options().length) {
    event.preventDefault(); // the first Escape puts the proposals away, the second empties the field
    unwanted = true;
    putAway();
  } else if (event.key === "Tab") putAway();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) putAway();
});
let unwanted = false; // emptied by hand, or put away: then nothing is proposed
document.addEventListener("input", ({ target }) => {
  if (target === field()) unwanted = !target.value.trim();
});
document.addEventListener("palette", () => (unwanted = false), true);
let meant = null; // what the arrows chose stays chosen where a later answer has it too
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "found") meant = chosen()?.href;
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "found") return;
  if (document.activeElement !== field() || unwanted) putAway();
  field().setAttribute("aria-expanded", options().length > 0);
  mean(meant && options().find((each) => each.href === meant));
});

// At the till the address tells who was asked for with Enter, not each letter; and what comes next takes its place in the field.
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  if (detail.requestConfig.triggeringEvent?.type === "input") detail.history.type = null;
});
document.addEventListener("submit", ({ target }) => target.matches(".till-search") && field().select());

function step(event) {
  const all = options();
  if (!all.length) return;
  event.preventDefault();
  const at = all.indexOf(chosen());
  mean(all[event.key === "ArrowDown" ? (at + 1) % all.length : (at < 1 ? all.length : at) - 1]);
}

function chosen() {
  return options().find((each) => each.getAttribute("aria-selected") === "true");
}

function mean(option) {
  options().forEach((each) => each.setAttribute("aria-selected", each === option));
  option?.scrollIntoView({ block: "nearest" });
  if (option) field().setAttribute("aria-activedescendant", option.id);
  else field().removeAttribute("aria-activedescendant");
}

function open(event) {
  const option = chosen();
  if (!option) return;
  event.preventDefault();
  option.click();
}

function putAway() {
  document.getElementById("found")?.replaceChildren();
  field()?.setAttribute("aria-expanded", false);
  field()?.removeAttribute("aria-activedescendant");
}
