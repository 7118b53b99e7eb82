import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** How projects resolve modules, and which of the files they compile. */
const resolutions = {
  node16: { module: 'node16', files: ['module.ts', 'common.cts'] },
  nodenext: { module: 'nodenext', files: ['module.ts', 'common.cts'] },
  bundler: { module: 'es2022', moduleResolution: 'bundler', files: ['module.ts'] },
  node10: { module: 'es2022', moduleResolution: 'node10', files: ['module.ts'] },
};

/** The least version that docs/builds.md states, the last of each major one, and what lies between. */
const versions = {
  typescript52: resolutions,
  typescript54: resolutions,
  typescript59: resolutions,
  typescript6: { ...resolutions, node10: { ...resolutions.node10, ignoreDeprecations: '6.0' } },
  // without node10
  typescript7: { node16: resolutions.node16, nodenext: resolutions.nodenext, bundler: resolutions.bundler },
};

/** A project without the DOM that checks what it imports as strictly as it can. */
const strict = {
  target: 'es2022',
  lib: ['es2022'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
};

function compiler(name) {
  const manifest = fileURLToPath(import.meta.resolve(`${name}/package.json`));
  const { bin, version } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { version, tsc: join(dirname(manifest), bin.tsc) };
}

/**
 * What each version of TypeScript finds wrong with a project in `directory` that uses every entry, by way of
 * resolution.
 */
export async function typeProblems(directory) {
  const found = [];
  for (const [name, projects] of Object.entries(versions)) {
    const { version, tsc } = compiler(name);
    for (const [resolution, { files, ...options }] of Object.entries(projects)) {
      const project = join(directory, `${name}.${resolution}.json`);
      writeFileSync(project, JSON.stringify({ compilerOptions: { ...strict, ...options }, files }));
      await promisify(execFile)(process.execPath, [tsc, '-p', project], { cwd: directory }).catch(
        ({ stdout, stderr }) => {
          found.push(`TypeScript ${version}, ${resolution}: ${stdout}${stderr}`);
        },
      );
    }
  }
  return found;
}
