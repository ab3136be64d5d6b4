// A form with data-ticks: [data-tick-all] ticks every [data-tick], Shift ticks a range, [data-ticked] shows how many,
// [data-needs-ticks] is disabled while nothing is ticked; [data-tick-every] stands for all of them, on every page.
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.closest?.("[data-ticks]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("[data-tick]")];
  if (box.matches("[data-tick-all]")) boxes.forEach((each) => (each.checked = box.checked));
  if (box.matches("[data-tick]")) {
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
    }
    last = box;
  }
  if (box.matches("[data-tick], [data-tick-all], [data-tick-every]")) show(form, boxes);
});
document.addEventListener("htmx:load", () => document.querySelectorAll("[data-ticks]").forEach((form) => show(form)));

function show(form, boxes = [...form.querySelectorAll("[data-tick]")]) {
  const ticked = boxes.filter((box) => box.checked);
  const every = form.querySelector("[data-tick-every]")?.checked;
  boxes.forEach((box) => box.closest("tr")?.setAttribute("aria-selected", box.checked));
  const all = form.querySelector("[data-tick-all]");
  if (all) {
    all.checked = ticked.length > 0 && ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  }
  form.querySelectorAll("[data-ticked]").forEach((shown) => (shown.textContent = every ? "" : ticked.length || ""));
  form.querySelectorAll("[data-needs-ticks]").forEach((button) => (button.disabled = ticked.length === 0 && !every));
}
