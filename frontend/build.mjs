// Bundles src/ into the package: styles, script, fonts and the icon sprite, each named by its content.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const OUT = "../src/regulars/interfaces/web/dist";

// Latin letters that come after the page was drawn wait for the next page: nothing moves under the reader's hand. Not so
// Devanagari: a device without a font of its own would show empty boxes until then.
const still = {
  name: "still",
  setup({ onLoad }) {
    onLoad({ filter: /@fontsource-variable[\\/]inter[\\/].*\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll("font-display: swap", "font-display: optional"),
      loader: "css",
    }));
  },
};

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const mark = await readFile("src/mark.svg", "utf8");
const names = { ...(await bundles()), ...(await sprite()), ...(await kept("mark.svg", mark)) };
await writeFile(`${OUT}/manifest.json`, JSON.stringify(names, null, 1));

async function bundles() {
  const { metafile } = await build({
    entryPoints: ["src/main.css", "src/main.js"],
    outdir: OUT,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    loader: { ".woff2": "file" },
    plugins: [still],
    legalComments: "none",
    logLevel: "warning",
  });
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  return Object.fromEntries(made.map((name) => [name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1"), name]));
}

// One file with the icons we use, each a <symbol> of its own name; the strokes take the text's colour.
async function sprite() {
  const wanted = (await readFile("src/icons.txt", "utf8")).split(/\s+/).filter(Boolean).sort();
  const symbols = await Promise.all(wanted.map(symbol));
  const own = `<symbol id="mark" viewBox="0 0 24 24">${inside(mark)}</symbol>`;
  return kept("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${own}${symbols.join("")}</svg>`);
}

async function kept(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const named = name.replace(".", `-${digest}.`);
  await writeFile(`${OUT}/${named}`, content);
  return { [name]: named };
}

function inside(svg) {
  return svg.replace(/<!--.*?-->/gs, "").replace(/^.*?<svg[^>]*>/s, "").replace(/<\/svg>\s*$/s, "").replace(/\s+/g, " ").trim();
}

async function symbol(name) {
  const drawn = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inside(drawn)}</symbol>`;
}
