// A form with data-passkey ("get" or "create") asks the device for a passkey before it is sent: its data-begin gives the
// question, its field `credential` takes the answer. Where the browser has no passkeys the form stays hidden.
const forms = document.querySelectorAll("form[data-passkey]");
if (window.PublicKeyCredential) {
  forms.forEach((form) => (form.hidden = false));
  document.querySelectorAll("[data-no-passkeys]").forEach((words) => words.remove());
}

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("form[data-passkey]")) return;
    event.preventDefault();
    event.stopPropagation();
    answer(event.target);
  },
  true,
);

async function answer(form) {
  const told = form.querySelector("[data-passkey-told]");
  told.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    const question = await begin(form);
    form.elements.credential.value = JSON.stringify(await asked(form.dataset.passkey, question.publicKey));
    form.submit();
  } catch (error) {
    told.querySelector("p").textContent = error.told ?? told.dataset[word(error)];
    told.hidden = false;
    form.removeAttribute("aria-busy");
  }
}

async function begin(form) {
  const answered = await fetch(form.dataset.begin, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
  });
  const told = await answered.json();
  if (!answered.ok) throw Object.assign(new Error(), { told: told.detail });
  return told;
}

async function asked(deed, options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials ?? options.allowCredentials ?? []) known.id = bytes(known.id);
  const { id, type, rawId, response } = await navigator.credentials[deed]({ publicKey: options });
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const kept = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return { id, type, rawId: text(rawId), response: Object.fromEntries(kept), clientExtensionResults: {} };
}

function word({ name }) {
  if (name === "InvalidStateError") return "there";
  return ["NotAllowedError", "AbortError", "SecurityError", "NotSupportedError"].includes(name) ? "cancelled" : "unreached";
}

function bytes(told) {
  return Uint8Array.from(atob(told.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
