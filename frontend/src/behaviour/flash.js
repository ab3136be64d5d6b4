// Messages stay until they are put away; a failed request leaves one of its own.
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".flash > *")?.remove());
// Beside a refusal nothing is told as done
document.addEventListener("htmx:beforeSwap", ({ detail }) => detail.xhr.status >= 400 && document.querySelector(".flash")?.replaceChildren());
document.addEventListener("htmx:responseError", () => say("trouble"));
document.addEventListener("htmx:sendError", () => say("unreached"));

export function say(what) {
  const words = document.getElementById(what);
  if (words) document.querySelector(".flash")?.replaceChildren(words.content.cloneNode(true));
}
