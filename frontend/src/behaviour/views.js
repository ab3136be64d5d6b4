// In a row of views that does not fit, the shown one is in sight.
const inSight = () => {
  for (const shown of document.querySelectorAll(":is(.tabs, .segmented) > [aria-current]")) {
    const row = shown.parentElement, [inner, outer] = [shown, row].map((each) => each.getBoundingClientRect());
    row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  }
};
inSight();
addEventListener("resize", inSight);
