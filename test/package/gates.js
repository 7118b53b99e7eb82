import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ofTfjs } from '../../assembly/nn/tfjs.mjs';
import { inner } from '../../src/rollup.names.js';
import { bundlers, devServers, knowsUrls, packers, withDevServer } from './bundlers.js';
import { problemsOf } from './code.js';
import { install } from './install.js';
import { pack, root, withApp } from './packed.js';
import { budgeted, sized } from './size.js';
import { typeProblems } from './types.js';

const require = createRequire(import.meta.url);

const node = (file, ...args) =>
  execFileSync(process.execPath, [file, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Files of the tarball. */
const packedFiles = () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], { cwd: root, encoding: 'utf8' }),
  );
  return files.map(({ path }) => path);
};

const BESIDES = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];

/** Each gate gives the problems it finds; `app` has the package installed from its tarball. */
const gates = {
  'the tarball holds dist, the sources that its maps lead to, docs, README, LICENSE, CHANGELOG and package.json alone'() {
    const files = packedFiles();
    const expected = /^dist\/[\w.-]+\.(js|cjs|map|d\.ts|d\.cts|wasm)$|^src\/[\w./-]+\.ts$|^docs\/\w+\.(md|svg)$/;
    const strange = files.filter((file) => !BESIDES.includes(file) && !expected.test(file));
    const missing = BESIDES.filter((file) => !files.includes(file));
    return [...strange.map((file) => `${file} does not belong there`), ...missing.map((file) => `${file} is missing`)];
  },

  'no runtime dependency, no script that runs on installation'() {
    const { dependencies, peerDependencies, peerDependenciesMeta, optionalDependencies, scripts } = manifest;
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    const needed = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
    const run = ['preinstall', 'install', 'postinstall'].filter((name) => name in scripts);
    return [...needed.map((name) => `${name} is needed`), ...run.map((name) => `${name} runs`)];
  },

  'no eval, no top-level await, no import but the kernels'() {
    const files = packedFiles().filter((file) => /\.c?js$/.test(file));
    return files.flatMap((file) => problemsOf(file, readFileSync(join(root, file), 'utf8')));
  },

  'what bundles say short is in no declaration'() {
    const declarations = packedFiles().filter((file) => file.endsWith('.d.ts'));
    return declarations.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8').replace(/\/\*.*?\*\//gs, '');
      const words = new Set(text.match(/\w+/g));
      return inner.filter((name) => words.has(name)).map((name) => `${file} has ${name}`);
    });
  },

  'the entry for TensorFlow.js carries the kernels of assembly/nn that it calls'() {
    const index = readFileSync(join(root, 'assembly/nn/index.ts'), 'utf8');
    const kernels = [...index.matchAll(/^export \{(.+)\}/gm)].flatMap(([, names]) => names.match(/\w+/g));
    const called = (name) => new RegExp(String.raw`\.${name}\b`).test(readFileSync(join(root, 'dist/tfjs.js'), 'utf8'));
    return kernels
      .filter((name) => called(name) !== ofTfjs.includes(name))
      .map((name) => `assembly/nn/tfjs.mjs ${ofTfjs.includes(name) ? 'has' : 'lacks'} ${name}`);
  },

  'maps lead to files of the package'() {
    const files = packedFiles();
    return files
      .filter((file) => file.endsWith('.map'))
      .flatMap((map) => JSON.parse(readFileSync(join(root, map), 'utf8')).sources.map((source) => join('dist', source)))
      .filter((source) => !files.includes(source))
      .map((source) => `${source} is missing`);
  },

  'links of the documents stay inside the package'() {
    const files = packedFiles();
    return files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => ({
          file,
          link,
        })),
      )
      .filter(({ file, link }) => !files.includes(join(dirname(file), link)))
      .map(({ file, link }) => `${file} links to ${link}`);
  },

  async publint() {
    const { messages, pkg } = await publint({ pkgDir: root, strict: true });
    return messages.map((message) => formatMessage(message, pkg, { color: false }));
  },

  'TypeScript 5.2 to 7 takes the types, without those of the DOM': (app) => typeProblems(join(app, 'types')),

  'are the types wrong'(app) {
    const bin = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
    try {
      // the worker is a program, of which nothing is imported
      node(bin, pack(app), '--no-color', '--no-emoji', '--exclude-entrypoints', 'worker');
      return [];
    } catch ({ stdout, stderr }) {
      return [`${stdout}${stderr}`];
    }
  },

  async 'size within the budget'() {
    const sizes = await budgeted();
    for (const { what, brotli, most } of sizes)
      console.log(`  ${what}: ${brotli} bytes of ${most}, compressed by brotli`);
    return sizes.filter(({ brotli, most }) => brotli > most).map(({ what }) => `${what}: too large`);
  },
};

/** What the app prints: the largest of sums of 2 · 3 · 3 ones, and an output size. */
const ANSWER = '18 4';

for (const [name, bundle] of Object.entries(bundlers)) {
  for (const input of knowsUrls.includes(name) ? ['main.js', 'url.js'] : ['main.js']) {
    gates[`${name} with stridewise${input === 'url.js' ? '/url' : ''}`] = async (app) => {
      const directory = join(app, `${name} ${input}`);
      mkdirSync(directory);
      const printed = node(await bundle(join(app, input), directory));
      return printed === ANSWER ? [] : [`the bundle prints ${printed}, expected ${ANSWER}`];
    };
  }
}

const ANSWERED = new RegExp(`^${ANSWER}$`, 'm');
const ADVISED =
  /UnsupportedError\]?: the kernels are not at .* \(text\/html\).*optimizeDeps: \{ exclude: \['stridewise'\] \}/;

/** Runs a file while this process serves what it asks for. */
const printed = (file) =>
  promisify(execFile)(process.execPath, [file]).then(
    ({ stdout }) => stdout,
    ({ stderr }) => stderr,
  );

for (const [name, { installed, moves }] of Object.entries(devServers)) {
  for (const [input, optimizeDeps, expected] of [
    ['main.js', {}, ANSWERED],
    ['url.js', { exclude: ['stridewise'] }, ANSWERED],
    ['url.js', {}, moves ? ADVISED : ANSWERED],
  ]) {
    const title = `dev server of ${name} with ${input}, optimizeDeps: ${JSON.stringify(optimizeDeps)}`;
    gates[title] = async (app) => {
      const directory = join(app, title.replace(/\W/g, '_'));
      mkdirSync(directory);
      const text = await withDevServer(installed, join(app, input), directory, optimizeDeps, printed);
      return expected.test(text) ? [] : [`the app prints ${text}`];
    };
  }
}

gates['Jest without settings, by require()'] = async (app) => {
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
  const { stderr } = await promisify(execFile)(process.execPath, [jest, '--rootDir', join(app, 'common')]).catch(
    (error) => error,
  );
  return /Tests: +1 passed, 1 total/.test(stderr) ? [] : [stderr];
};

gates['require() and import give one package in Node'] = (app) =>
  node(join(app, 'common/once.js')) === 'true' ? [] : ['they give two'];

gates['stridewise/url loads where there is no URL'] = (app) =>
  node(join(app, 'worklet.js')) === 'function' ? [] : ['it does not'];

/**
 * Most bytes of a bundle of `conv2d` alone, and the most by which bundlers may differ: one that keeps what others drop,
 * or keeps it twice.
 */
const MOST = { bytes: 225_000, gzip: 61_500 };
const SPREAD = 1.03;

gates['a bundle of conv2d alone has one size in every bundler'] = async (app) => {
  const input = join(app, 'conv2d.js');
  const sizes = [];
  for (const name of packers) {
    const directory = join(app, `${name} conv2d`);
    mkdirSync(directory);
    sizes.push(sized(name, readFileSync(await bundlers[name](input, directory))));
  }
  for (const { what, bytes, gzip } of sizes) console.log(`  ${what}: ${bytes} bytes, ${gzip} by gzip`);
  return ['bytes', 'gzip'].flatMap((kind) => {
    const most = Math.min(MOST[kind], SPREAD * Math.min(...sizes.map((size) => size[kind])));
    return sizes
      .filter((size) => size[kind] > most)
      .map(({ what }) => `${what}: more than ${Math.floor(most)} (${kind})`);
  });
};

/** What a gate finds; that it throws is a find, too. */
async function run(gate, app) {
  try {
    return await gate(app);
  } catch (error) {
    return [error.stack];
  }
}

install(new URL('./', import.meta.url));
await withApp(async (app) => {
  cpSync(fileURLToPath(new URL('app', import.meta.url)), app, { recursive: true });
  cpSync(fileURLToPath(new URL('types', import.meta.url)), join(app, 'types'), { recursive: true });
  for (const [name, gate] of Object.entries(gates)) {
    const problems = await run(gate, app);
    console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}  ${name}`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
});
