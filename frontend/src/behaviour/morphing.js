// What is drawn anew under somebody's hands keeps its elements: the focus stays, a press lands, a choice is typed on letter by
// letter, and a reader of screens is told what changed and not all of it. "morph" changes what is in the target, "morph:outerHTML"
// the target too. Until the library is here, and where it never comes, they are swapped whole.
import htmx from "htmx.org";

let Idiomorph;
document.addEventListener("htmx:load", ({ target }) => {
  if (target.querySelector('[hx-ext="morph"]')) import("idiomorph").then((library) => ({ Idiomorph } = library));
});

const whole = (style) => style === "morph:outerHTML";
htmx.defineExtension("morph", {
  isInlineSwap: whole,
  handleSwap(style, target, fragment) {
    if (!style.startsWith("morph")) return false;
    const parts = [...fragment.children];
    // what is being typed stays as it is typed; a button says what it does now
    const ignoreActiveValue = !document.activeElement?.matches("button");
    if (Idiomorph) return Idiomorph.morph(target, parts, { morphStyle: whole(style) ? "outerHTML" : "innerHTML", ignoreActiveValue });
    target[whole(style) ? "replaceWith" : "replaceChildren"](...parts);
    return parts;
  },
});
