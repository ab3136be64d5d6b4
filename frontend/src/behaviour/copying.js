// [data-copies="ID"] copies what stands in that field and says so; without a script the button stays away.
document.querySelectorAll("[data-copies]").forEach((button) => (button.hidden = false));
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copies]");
  const field = button && document.getElementById(button.dataset.copies);
  if (!field) return;
  field.select();
  await (navigator.clipboard?.writeText(field.value) ?? Promise.resolve(document.execCommand("copy")));
  button.querySelector("span").textContent = button.dataset.done;
});
