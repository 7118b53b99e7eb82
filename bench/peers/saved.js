import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../../build/bench/', import.meta.url);
const file = new URL('peers.json', folder);

/** @typedef {import('../report.js').Peers} Peers */

/** Keeps what the peers' bench found last, for the reports of `npm run bench -- --html`. @param {Peers} peers */
export function savePeers(peers) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(peers));
}

/** @returns {Peers | undefined} */
export const savedPeers = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
