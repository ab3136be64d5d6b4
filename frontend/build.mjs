// Bundles src/ into the package: styles, script, fonts and the icon sprite, each named by its content.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";
import subset from "subset-font";

const OUT = "../src/regulars/interfaces/web/dist";

// Of what Inter can do: its kerning, its accents, figures of one width; of Devanagari all that its words are made by.
const keepFeatures = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"];
keepFeatures.push("akhn", "nukt", "rphf", "rkrf", "blwf", "half", "cjct", "pres", "abvs", "blws", "psts", "dist", "abvm", "blwm");

// Each font of styles/fonts.css holds the signs of its unicode-range and the weights we use, and nothing besides.
const cut = {
  name: "cut",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]fonts\.css$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      const faces = contents.matchAll(/url\("(?<source>[^"#]+)#(?<name>[\w-]+)"\).*?unicode-range:(?<range>[^;]+);/gs);
      for (const { groups } of faces) {
        contents = contents.replace(`${groups.source}#${groups.name}`, await cutFont(groups));
      }
      return { contents, loader: "css" };
    });
  },
};

const SCRATCH = await mkdtemp(join(tmpdir(), "regulars-fonts-"));
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const mark = await readFile("src/mark.svg", "utf8");
const names = { ...(await bundles()), ...(await sprite()), ...(await kept("mark.svg", mark)) };
await writeFile(`${OUT}/manifest.json`, JSON.stringify(names, null, 1));
await rm(SCRATCH, { recursive: true });

async function bundles() {
  const { metafile } = await build({
    entryPoints: ["src/main.css", "src/main.js"],
    outdir: OUT,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true, // what few pages need is fetched by them
    chunkNames: "[name]-[hash]",
    minify: true,
    metafile: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    loader: { ".woff2": "file" },
    plugins: [cut],
    legalComments: "none",
    logLevel: "warning",
  });
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  return Object.fromEntries(made.map((name) => [name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1"), name]));
}

// The hints stay: without them some devices set each letter on whole pixels, and the words fall apart.
async function cutFont({ source, name, range }) {
  const path = join(SCRATCH, `${name}.woff2`);
  const options = { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } }, keepFeatures };
  await writeFile(path, await subset(await readFile(`node_modules/${source}`), signs(range), options));
  return path.replaceAll("\\", "/");
}

// "U+41-43, U+61" → "ABCa"
function signs(range) {
  const bounds = [...range.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi)].map(([, a, b]) => [a, b ?? a].map((hex) => parseInt(hex, 16)));
  return bounds.map(([a, b]) => String.fromCodePoint(...Array.from({ length: b - a + 1 }, (_, step) => a + step))).join("");
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
