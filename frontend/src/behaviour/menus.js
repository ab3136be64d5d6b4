// One menu is open at a time; Escape or a click elsewhere closes it; the arrows go through its entries.
document.addEventListener("click", (event) => {
  const own = event.target.closest("details.menu");
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu !== own && menu.removeAttribute("open"));
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const stops = [...menu.querySelectorAll(".menu-list :is(a, button, input)")];
    const at = stops.indexOf(document.activeElement);
    stops.at((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1)) % stops.length)?.focus();
  }
});
