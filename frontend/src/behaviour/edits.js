import { say } from "./flash.js";

// Editing in place: the first field gets the focus, Escape leaves the form, and afterwards the focus is where it was.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const block = detail.elt.closest?.(".block") || (detail.target?.id && document.getElementById(detail.target.id));
  if (!block?.classList?.contains("block")) return;
  const form = block.querySelector(".part-form");
  if (form && !writesElsewhere(block)) {
    const wrong = form.querySelector('[aria-invalid="true"]');
    (wrong || form.querySelector("[autofocus], .fields :is(input:not([type=hidden]), select, textarea)"))?.focus();
  } else if (!form && !document.querySelector("dialog[open]") && (!document.activeElement || document.activeElement === document.body)) {
    block.querySelector("[data-edits]")?.focus();
  }
});

// A form that comes late is no reason to leave the middle of a word.
function writesElsewhere(block) {
  const at = document.activeElement;
  return at?.matches("input, textarea, select") && !block.contains(at);
}

// What is being typed in a block is not thrown away by what draws it anew: the pencil of another row, a tag taken off.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  const begun = target.matches(".block") && target.querySelector('.part-form[data-guard="changed"]');
  if (!begun || begun.contains(elt)) return;
  event.preventDefault();
  say("unsaved");
  begun.querySelector(".fields :is(input:not([type=hidden]), select, textarea)")?.focus();
});

// Of two forms asked for in a block, or two dialogs, the last is shown, and none that was closed meanwhile. Answers to two deeds may come in another order than these were
// done: what tells of an older card stays away.
const asked = new Map();
document.addEventListener("htmx:beforeSend", ({ detail: { target, xhr, requestConfig } }) => {
  if (!target.matches(".block, #dialogs") || requestConfig.verb !== "get") return;
  asked.get(target.id)?.abort();
  asked.set(target.id, xhr);
});
document.addEventListener("close", ({ target }) => target.closest("#dialogs") && asked.get("dialogs")?.abort(), true);
const isOlder = (told, stands) => Number(told) < Number(stands.dataset.version);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const told = detail.requestConfig.verb === "post" && detail.xhr.status === 200 && detail.serverResponse.match(/data-version="(\d+)"/)?.[1];
  if (told && detail.target.matches(".block") && isOlder(told, detail.target)) detail.swapOverride = "none";
});
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (isOlder(detail.fragment.firstElementChild?.dataset.version, detail.target)) detail.shouldSwap = false;
});

// What an answer was for may have been drawn anew while it was on its way (Save, then Escape): it goes to what stands there
// now, unless that is a form somebody may be writing in.
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (!detail.target.matches(".block")) return;
  detail.xhr.addEventListener("readystatechange", () => {
    const now = !detail.target.isConnected && document.getElementById(detail.target.id);
    if (now && !now.querySelector(".part-form")) detail.target = now;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const form = event.target.closest?.(".part-form");
  if (!form) return;
  form.dataset.guard = "";
  form.querySelector("[data-cancels]")?.click();
});

// A dialog whose form was sent well is emptied by the answer; its entries need no guarding any more.
document.addEventListener("close", ({ target }) => target.matches?.("dialog[data-modal]") && target.remove(), true);

// What is chosen in a menu and changes the page in place puts the menu away.
document.addEventListener("click", ({ target }) => target.closest("details.menu .menu-list a")?.closest("details").removeAttribute("open"));

// A form that hands a file over leaves the page as it is: its dialog closes, and it can be sent again.
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-downloads]")) return;
  setTimeout(() => {
    delete target.dataset.sent;
    target.removeAttribute("aria-busy");
    target.closest("dialog")?.close();
  });
});

// A field that names another card proposes names as one types.
let waiting = 0;
document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("input[data-picks]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const list = document.getElementById("pick");
    if (list && target.value.trim()) window.htmx.ajax("GET", `/customers/pick/?q=${encodeURIComponent(target.value)}`, { target: list, swap: "innerHTML" });
  }, 180);
});
