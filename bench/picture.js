import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readArguments } from './arguments.js';
import { digits } from './table.js';

const help = `npm run bench:picture -- FILE.json [options]

Draws the README's picture of speed from the JSON of \`npm run bench:peers -- --list stacks --json FILE.json\`.

  --out FILE.svg   default docs/speed.svg
  --help`;

const options = /** @type {const} */ ({
  out: { type: 'string', default: fileURLToPath(new URL('../docs/speed.svg', import.meta.url)) },
  help: { type: 'boolean', default: false },
});

/** Names in the JSON, the names that people know, and the class that colours the bar. */
const libraries = /** @type {const} */ ([
  ['stridewise', 'Stridewise', 'own'],
  ['litert', 'LiteRT.js', 'peer'],
  ['tfjs-wasm', 'tfjs-wasm', 'peer'],
  ['ort-web', 'onnxruntime-web', 'peer'],
  ['ort-node', 'native onnxruntime', 'native'],
]);

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f1d2b }
.title { font-size: 15px; font-weight: 600 }
.note { font-size: 12px; fill: #625f70 }
.own { fill: #5a3fc0 } text.own { font-weight: 600 }
.peer { fill: #b5b1c2 } text.peer, text.native { fill: #1f1d2b }
.native { fill: none; stroke: #7a7788; stroke-dasharray: 3 2 } text.native { stroke: none }
@media (prefers-color-scheme: dark) {
text, text.peer, text.native { fill: #ecebf2 }
.note { fill: #a9a6b8 }
.own, text.own { fill: #a48dff }
.peer { fill: #595668 }
.native { stroke: #a9a6b8 }
}`;

/** Pixels: a panel, its bars, and where they begin. */
const PANEL = { width: 400, height: 158 };
const BAR = { height: 15, pitch: 22, left: 148, longest: 170 };
const HEAD = 26;

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Versions of the packages measured, and the machine. @param {import('./report.js').Peers} peers */
function note({ machine, libraries: measured }) {
  const versions = libraries.slice(1).map(([key, name]) => {
    const [version] = measured.find((library) => library.name === key)?.version.split(',') ?? ['?'];
    return `${name} ${version}`;
  });
  return [`${machine}; one thread each.`, `${versions.join(', ')}. Shorter is faster.`];
}

/** One network: a bar for each library, the longest as long as the panel allows. @param {import('./report.js').Total} total */
function panel({ name, milliseconds }) {
  const longest = Math.max(...libraries.map(([key]) => milliseconds[key] ?? 0));
  const bars = libraries.map(([key, title, kind], i) => {
    const y = HEAD + i * BAR.pitch;
    const ms = milliseconds[key];
    const width = ms === undefined ? 0 : (BAR.longest * ms) / longest;
    const text = ms === undefined ? 'not offered' : `${digits(ms)} ms`;
    const base = y + BAR.height - 3;
    return [
      `<text class="${kind}" x="${BAR.left - 8}" y="${base}" text-anchor="end">${title}</text>`,
      `<rect class="${kind}" x="${BAR.left}" y="${y}" width="${width.toFixed(1)}" height="${BAR.height}" rx="2"/>`,
      `<text class="${kind}" x="${(BAR.left + width + 6).toFixed(1)}" y="${base}">${text}</text>`,
    ].join('\n');
  });
  return [`<text class="title" x="${BAR.left}" y="14">${escaped(name)}</text>`, ...bars].join('\n');
}

/** @param {import('./report.js').Peers} peers */
export function drawSpeed(peers) {
  const { stacks } = peers;
  const rows = Math.ceil(stacks.length / 2);
  const [width, bottom] = [2 * PANEL.width, rows * PANEL.height];
  const panels = stacks.map((total, i) => {
    const [x, y] = [(i % 2) * PANEL.width, Math.floor(i / 2) * PANEL.height];
    return `<g transform="translate(${x} ${y})">\n${panel(total)}\n</g>`;
  });
  const notes = note(peers).map(
    (line, i) => `<text class="note" x="12" y="${bottom + 14 + 17 * i}">${escaped(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 40}" role="img">
<title>Milliseconds of the convolution and pooling layers of one picture</title>
<style>${style}
</style>
${[...panels, ...notes].join('\n')}
</svg>
`;
}

function main() {
  const { values, positionals } = readArguments(options, {});
  if (values.help) return console.log(help);
  if (positionals.length !== 1) throw new Error('npm run bench:picture takes one file: the JSON of bench:peers');
  writeFileSync(values.out, drawSpeed(JSON.parse(readFileSync(positionals[0], 'utf8'))));
  console.log(`the picture is in ${values.out}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
