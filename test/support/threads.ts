import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { configure } from '../../src/wasm/host.js';
import { GrowingMemory } from '../../src/wasm/memory.js';
import { sharedBuild, sharedMemory } from '../../src/wasm/shared.js';
import { startTeam } from '../../src/wasm/start-team.js';
import type { Team } from '../../src/wasm/team.js';
import { type Build, settingOf } from './builds.js';

const worker = new URL('../../dist/worker.js', import.meta.url);
const room = new Int32Array(new SharedArrayBuffer(4));

let latest: Team | undefined;

/**
 * Starts an instance of a build with so many threads, all of them there, that shares even the smallest work. Without
 * `threads` it ends the threads of the one before.
 */
export function useThreads(build: Build, threads = 1, maxMemory?: number): Team | undefined {
  latest?.stop('another instance is tested');
  latest = undefined;
  if (threads === 1) return;
  const setting = settingOf(build);
  const file = build === 'debug' ? build : setting.simd === 'strict' ? 'simd' : setting.simd;
  const bytes = readFileSync(new URL(`../../build/wasm/${file}.wasm`, import.meta.url));
  const module = sharedBuild(new Uint8Array(bytes));
  configure({
    ...setting,
    ...(maxMemory === undefined ? {} : { maxMemory }),
    threaded() {
      const linear = new GrowingMemory(sharedMemory(maxMemory), maxMemory);
      const instance = startTeam(module, linear, threads, () => new Worker(worker), 0);
      latest = instance.crew;
      return instance;
    },
  });
  const team = latest as unknown as Team;
  for (let tries = 0; team.present < threads; tries++) {
    if (tries > 20_000) throw new Error(`${team.present} of ${threads} threads started`);
    Atomics.wait(room, 0, 0, 1);
  }
  return team;
}
