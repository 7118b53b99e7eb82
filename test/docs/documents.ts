// The documents that travel with the package.

import { readdirSync, readFileSync } from 'node:fs';

export const root = new URL('../../', import.meta.url);

const docs = readdirSync(new URL('docs/', root)).filter((file) => file.endsWith('.md'));

/** Paths from the package's folder. */
export const pages = ['README.md', 'CHANGELOG.md', ...docs.map((file) => `docs/${file}`)];

export const read = (page: string | URL): string => readFileSync(new URL(page, root), 'utf8');
