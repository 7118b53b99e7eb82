import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** What a figure belongs to. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
  v8: process.versions.v8,
});

/** @param {ReturnType<typeof machine>} m */
export const machineLine = (m) => `Node ${m.node} (V8 ${m.v8}), ${m.platform}, ${m.cores} × ${m.cpu}`;

const relaxedFlag = '--experimental-wasm-relaxed-simd';

/**
 * Node below 22 runs relaxed SIMD behind a flag only: runs this command line again with it, and ends the process with
 * its exit code.
 */
export function ensureRelaxedSimd() {
  if (Number(process.versions.node.split('.')[0]) >= 22 || process.execArgv.includes(relaxedFlag)) return;
  runAgain(process.execPath, [relaxedFlag, ...process.execArgv, ...process.argv.slice(1)]);
}

/** @param {string} command @param {string[]} args */
export function runAgain(command, args) {
  const { status, signal } = spawnSync(command, args, { stdio: 'inherit' });
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}
