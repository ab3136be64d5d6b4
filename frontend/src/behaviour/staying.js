// What was typed into a form is not lost to a house that is out of reach or a session that ended: before it is sent as a page
// it is looked whether it would arrive; if not, the form stays, says so, and can be sent again.
import { say } from "./flash.js";

const passed = new WeakSet(); // forms that may go
let out = false; // signed out, as an answer in place said

const isTyped = (field) => "defaultValue" in field && !["hidden", "password"].includes(field.type) && field.value !== field.defaultValue;
const isWorthKeeping = (form) =>
  form.dataset.guard === "changed" || (form.getAttribute("method") === "post" && [...form.elements].some(isTyped));
const signedOut = () => document.getElementById("signed-out"); // the words for it; not where nobody is signed in

async function arrives() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (!answer || new URL(answer.url).pathname === signedOut().dataset.at) return void say(answer ? "signed-out" : "unreached");
  const token = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (token) {
    // whoever signed in again in another tab has another one
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }
  return true;
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !isWorthKeeping(form) || passed.delete(form) || !signedOut()) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const there = await arrives();
  form.removeAttribute("aria-busy");
  if (!there) return;
  passed.add(form);
  form.requestSubmit(submitter);
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401 || !signedOut() || ![...document.forms].some(isWorthKeeping)) return;
  event.preventDefault();
  out = true;
  say("signed-out");
});
document.addEventListener("htmx:confirm", async (event) => {
  if (!out) return;
  event.preventDefault();
  if (!(await arrives())) return;
  out = false;
  event.detail.issueRequest(true);
});
