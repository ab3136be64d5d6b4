// What is typed while the next page is on its way goes on there: in the search field, and in [data-ahead], where one line is
// scanned after another; Enter takes each in. The page's entry in the history knows it, where the browser keeps what
// stands in fields anyway, until that page is left again.
const search = document.querySelector("[data-search]");
const line = document.querySelector("[data-ahead]");
const { typed, ahead: before } = window.navigation?.activation?.from?.getState() ?? {};
let leaving = false;
let ahead = ""; // keys for the next page

const tell = (state) => window.navigation?.updateCurrentEntry({ state });
addEventListener("beforeunload", () => {
  leaving = true;
  tell(ahead && line.form.dataset.sent ? { ahead } : null);
});
document.addEventListener("input", ({ target }) => leaving && target === search && tell({ typed: target.value }));
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== line || line.form.ariaBusy !== "true" || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "Backspace") ahead = ahead.slice(0, -1);
    else if (event.key === "Enter") ahead += "\n";
    else if (event.key.length === 1) ahead += event.key;
    else return;
    event.preventDefault();
    event.stopPropagation();
    tell({ ahead });
  },
  true,
);

if (typed && search) {
  search.value = typed;
  search.focus();
  document.addEventListener("DOMContentLoaded", () => search.dispatchEvent(new Event("input", { bubbles: true })));
} else if (search?.autofocus) search.select(); // what was asked for is marked: the next number that is scanned takes its place

if (before && line?.value) ahead = before; // this line is not taken in yet
else if (before && line) {
  const [first, ...rest] = before.replace(/^\n+/, "").split("\n");
  line.value = first;
  line.focus();
  ahead = rest.join("\n");
  if (rest.length) document.addEventListener("DOMContentLoaded", () => line.form.requestSubmit(line.form.querySelector("button")));
}
