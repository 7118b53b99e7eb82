import type { Page } from 'puppeteer-core';

/** Keeps what the page hands out as files. */
export const keepFiles = (page: Page) =>
  page.evaluateOnNewDocument(() => {
    const kept = Object.assign(window, { files: [] as Blob[] });
    const original = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      kept.files.push(blob);
      return original(blob);
    };
    // the browser has no place to put them
    HTMLAnchorElement.prototype.click = () => {};
  });

/** The last of them. */
export async function lastFile(page: Page): Promise<Buffer> {
  const text = await page.evaluate(async () => {
    const bytes = new Uint8Array(await (window as unknown as { files: Blob[] }).files.at(-1)!.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  return Buffer.from(text, 'base64');
}
