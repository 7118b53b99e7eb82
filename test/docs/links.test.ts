import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages, read, root } from './documents.js';
import { anchorsOf, linksOf } from './markdown.js';

const links = pages.flatMap((page) => linksOf(read(page)).map((link) => ({ page, ...link })));

test.each(links)('$page: $file#$anchor is there', ({ page, file, anchor }) => {
  const target = new URL(file || page.replace(/.*\//, ''), new URL(page, root));
  expect(existsSync(target)).toBe(true);
  if (anchor !== '') expect(anchorsOf(read(target))).toContain(anchor);
});
