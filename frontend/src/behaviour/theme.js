// [data-set-theme="light|dark|"] chooses the look for this browser; empty follows the system.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-set-theme]")?.dataset.setTheme;
  if (chosen === undefined) return;
  const [name, secure] = location.protocol === "https:" ? ["__Host-theme", "; Secure"] : ["theme", ""];
  document.cookie = `${name}=${chosen}; Path=/; SameSite=Lax; Max-Age=${chosen ? 31536000 : 0}${secure}`;
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
});
