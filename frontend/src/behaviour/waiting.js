// [data-again="URL"] waits for what stands at that address ("": this one) and goes there when it is no page that waits.
// While nobody listens (the register is being taken over) it stays and asks again: a page that is loaded then would be
// the browser's own, and stay. Without a script <noscript> has the browser look again.
const PAUSE = 2000, PATIENCE = 10000; // milliseconds
const waiting = document.querySelector("[data-again]");

const look = async () => {
  const asked = { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(waiting.dataset.again || location.href, asked).catch(() => null);
  const waits = !answer || answer.headers.has("retry-after") || (await answer.text()).includes("data-again=");
  waits ? setTimeout(look, PAUSE) : location.replace(answer.url);
};
if (waiting) setTimeout(look, PAUSE);
