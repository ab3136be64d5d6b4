// The little that needs a script. Every page works without it; with it, parts change in place.
import htmx from "htmx.org";
import "./behaviour/building.js";
import "./behaviour/copying.js";
import "./behaviour/dialogs.js";
import "./behaviour/edits.js";
import "./behaviour/flash.js";
import "./behaviour/staying.js"; // before what sends a form once
import "./behaviour/forms.js";
import "./behaviour/keys.js";
import "./behaviour/ahead.js";
import "./behaviour/menus.js";
import "./behaviour/morphing.js";
import "./behaviour/passkeys.js";
import "./behaviour/shortcuts.js";
import "./behaviour/theme.js";
import "./behaviour/ticks.js";
import "./behaviour/views.js";
import "./behaviour/waiting.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  defaultSettleDelay: 0, // what is swapped in answers to keys at once: pressed in between, a form went as a page, a change unheard
  selfRequestsOnly: true,
  historyCacheSize: 0, // customers' data stay out of the browser's storage
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|412|422", swap: true }, // refused, with the form that says why
    { code: "[45]..", swap: false, error: true },
  ],
});
window.htmx = htmx;
