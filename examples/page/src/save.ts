import { h } from './dom.js';

/** Hands a file to the visitor. */
export function save(name: string, content: Blob): void {
  const href = URL.createObjectURL(content);
  h('a', { href, download: name }).click();
  // the download has taken the file by then
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
