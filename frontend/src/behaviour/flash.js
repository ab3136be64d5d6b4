// Messages stay until they are put away; a failed request leaves one of its own.
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".flash > *")?.remove());
// Beside a refusal nothing is told as done; one that says why is shown
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status < 400) return;
  document.querySelector(".flash")?.replaceChildren();
  if (detail.xhr.getResponseHeader("HX-Retarget")) Object.assign(detail, { shouldSwap: true, isError: false });
});
document.addEventListener("htmx:responseError", () => say("trouble"));
document.addEventListener("htmx:sendError", () => say("unreached"));

export function say(what) {
  const words = document.getElementById(what);
  if (words) document.querySelector(".flash")?.replaceChildren(words.content.cloneNode(true));
}
