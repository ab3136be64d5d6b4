// Ctrl K (⌘ K) goes to the search box; in its results the arrows go up and down, Escape puts them away.
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("[data-search]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  const around = event.target.closest?.(".search");
  if (around && ["ArrowDown", "ArrowUp"].includes(event.key)) step(around, event);
  if (around && event.key === "Escape") around.querySelector(".found")?.replaceChildren();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) document.querySelector(".search .found")?.replaceChildren();
});

function step(around, event) {
  const stops = [around.querySelector("input"), ...around.querySelectorAll(".found a")];
  if (stops.length < 2) return;
  event.preventDefault();
  const at = stops.indexOf(document.activeElement);
  stops[(at + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length].focus();
}
