import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';

/** Saves a module that a server gives, with all that it imports, and returns its file. */
async function download(server, path, directory) {
  const file = join(directory, `${path.replace(/\W/g, '_')}.js`);
  const address = `${server}${path}`;
  let code = (await (await fetch(address)).text()).replaceAll('import.meta.url', JSON.stringify(address));
  for (const [, imported] of code.matchAll(/\b(?:from|import)\s*"(\/[^"]+)"/g)) {
    code = code.replaceAll(`"${imported}"`, JSON.stringify(await download(server, imported, directory)));
  }
  writeFileSync(file, code);
  return file;
}

/**
 * Versions of Vite, by the names they are installed under, and whether their optimizer moves modules away from the
 * files beside them.
 */
export const devServers = {
  'Vite 5.4': { installed: 'vite5', moves: true },
  'Vite 6.4': { installed: 'vite6', moves: true },
  'Vite 7.3': { installed: 'vite7', moves: true },
  'Vite 8': { installed: 'vite', moves: false },
};

/** Starts the dev server of a version, and has `run` take the file that runs the app with what that server gives. */
export async function withDevServer(name, input, directory, optimizeDeps, run) {
  const { createServer } = await import(name);
  const server = { host: '127.0.0.1', port: 0, ws: false, hmr: false };
  const root = dirname(input);
  const cacheDir = join(directory, 'cache');
  const started = await createServer({ root, cacheDir, configFile: false, logLevel: 'error', server, optimizeDeps });
  await started.listen();
  try {
    return await run(
      await download(`http://127.0.0.1:${started.httpServer.address().port}`, `/${basename(input)}`, directory),
    );
  } finally {
    await started.close();
  }
}

/** What webpack and rspack build, which have one interface. */
async function packed(bundler, input, directory) {
  const output = { path: directory, filename: 'main.js', module: true, chunkFormat: 'module' };
  const context = dirname(input);
  const compiler = bundler({
    mode: 'production',
    entry: input,
    context,
    target: 'node20',
    output,
    experiments: { outputModule: true },
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, result) => (error ? reject(error) : resolve(result)));
  });
  await new Promise((resolve) => compiler.close(resolve));
  if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
  return join(directory, 'main.js');
}

/** Each builds the app `input` into `directory` as people do, and returns the file that runs it. */
export const bundlers = {
  async esbuild(input, directory) {
    const { build } = await import('esbuild');
    const outfile = join(directory, 'main.js');
    await build({ entryPoints: [input], outfile, bundle: true, format: 'esm', minify: true, logLevel: 'error' });
    return outfile;
  },

  async rollup(input, directory) {
    const built = await rollup({ input, plugins: [nodeResolve({ browser: true })] });
    const file = join(directory, 'main.js');
    await built.write({ file, format: 'es' });
    await built.close();
    return file;
  },

  'webpack 5': async (input, directory) => packed((await import('webpack')).default, input, directory),

  rspack: async (input, directory) => packed((await import('@rspack/core')).rspack, input, directory),

  /** By its command, as it takes its root from the folder it runs in. */
  async Parcel(input, directory) {
    const file = (name) => fileURLToPath(import.meta.resolve(name));
    const quiet = ['--no-cache', '--no-source-maps', '--log-level', 'error'];
    const args = ['build', input, '--dist-dir', directory, '--config', file('@parcel/config-default'), ...quiet];
    execFileSync(process.execPath, [file('parcel/lib/bin.js'), ...args], { cwd: dirname(input), stdio: 'pipe' });
    return join(directory, basename(input));
  },

  async 'vite build'(input, directory) {
    const { build } = await import('vite');
    const output = { entryFileNames: 'main.js' };
    const options = { outDir: directory, emptyOutDir: false, target: 'es2022', rollupOptions: { input, output } };
    await build({ root: dirname(input), base: './', configFile: false, logLevel: 'error', build: options });
    return join(directory, 'main.js');
  },

  /** No bundler: CommonJS of Node, which may require modules without top-level await. */
  'require()': async (input) => input.replace(/\.js$/, '.cjs'),
};

/** The files beside `stridewise/url` are found by bundlers that know `new URL(file, import.meta.url)`. */
export const knowsUrls = ['webpack 5', 'vite build'];

/** Those that build what a page loads. */
export const packers = ['esbuild', 'rollup', 'webpack 5', 'rspack', 'vite build', 'Parcel'];
