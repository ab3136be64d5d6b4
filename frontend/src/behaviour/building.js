// The builder writes its criteria into the text field, but never while somebody is typing there.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target?.id === "criteria" && event.detail.target === document.activeElement) event.detail.shouldSwap = false;
});

// What was asked is told by the list itself: whatever was said of it while it was typed goes, also what comes late.
let asked = null;
const criteria = () => document.getElementById("criteria")?.value.trim();
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id !== "ask") return;
  asked = criteria();
  document.querySelector("#builder > #asked")?.replaceChildren();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "asked" || event.detail.requestConfig.elt.id !== "criteria" || criteria() !== asked) return;
  event.detail.shouldSwap = false;
  event.detail.target.replaceChildren();
});
document.addEventListener("input", (event) => {
  if (event.target.id === "criteria") asked = null;
});
