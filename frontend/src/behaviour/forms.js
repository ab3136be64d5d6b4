// A form is sent once; a form with data-guard asks before its entries are lost; a file may be dropped.
import { say } from "./flash.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.dataset.guard = "";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", sendable);

function sendable() {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  });
}

// Sent in place, too: once until it is answered, and for good where the answer leads elsewhere
const inPlace = "form[hx-post]:not([hx-sync])";
document.addEventListener("htmx:confirm", (event) => {
  if (event.target.matches(inPlace) && event.target.dataset.sent) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.matches(inPlace)) target.dataset.sent = "yes";
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt.matches(inPlace) && !detail.xhr.getResponseHeader("HX-Redirect")) delete detail.elt.dataset.sent;
});

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.hasAttribute("data-guard")) form.dataset.guard = "changed";
});
window.addEventListener("beforeunload", (event) => {
  if (!document.querySelector('form[data-guard="changed"]')) return;
  event.preventDefault();
  setTimeout(sendable); // who stays may send it another time
});

// A page that comes back with its form refused begins at the first field that is wrong
document.querySelector('form [aria-invalid="true"]')?.focus();

// Enter sends the criteria, Shift+Enter makes a line
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("textarea.criteria")) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
});

// A select or box with data-sends sends its form when changed
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-sends]")) target.form?.requestSubmit();
  const zone = target.closest(".dropzone");
  const shown = zone?.querySelector("[data-chosen]");
  if (shown && target.files?.length) shown.textContent = [...target.files].map((file) => file.name).join(", ");
});

// While a file is on its way none is chosen that would not be sent
document.addEventListener("click", (event) => {
  if (event.target.closest?.('form[aria-busy="true"] .dropzone')) event.preventDefault();
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.(".dropzone");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind !== "drop") return;
    const input = zone.querySelector('input[type="file"]');
    if (input.form.ariaBusy === "true") return; // one is on its way
    if (event.dataTransfer.files.length > 1) return say("one-file");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
