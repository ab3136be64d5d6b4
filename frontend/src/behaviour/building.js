// The builder writes its criteria into the text field, but never while somebody is typing there.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target?.id === "criteria" && event.detail.target === document.activeElement) event.detail.shouldSwap = false;
});
