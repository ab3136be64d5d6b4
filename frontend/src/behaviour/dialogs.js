// [data-opens="ID"] opens a dialog, [data-closes] closes the one it is in, <dialog data-modal> that arrives opens itself.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog) {
    event.preventDefault();
    open(dialog);
  } else if (event.target.closest("[data-closes]")) {
    const around = event.target.closest("dialog");
    if (around) {
      event.preventDefault();
      around.close();
    }
  } else if (event.target.matches("dialog[open]") && outside(event)) {
    event.target.close();
  }
});

document.addEventListener("htmx:load", (event) => {
  const arrived = event.target.matches("dialog[data-modal]") ? event.target : event.target.querySelector("dialog[data-modal]");
  if (arrived && !arrived.open) open(arrived);
});

// What is to be written comes before the button that closes, which a browser would choose.
function open(dialog) {
  dialog.showModal();
  if (!dialog.querySelector("[autofocus]")) {
    dialog.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea):enabled")?.focus();
  }
}

function outside({ target, clientX, clientY }) {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
