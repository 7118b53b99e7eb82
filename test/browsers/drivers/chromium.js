import { find } from './find.js';

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium, by playwright; with a fresh profile each time. */
export const chromium = {
  name: 'Chromium',
  packages: 'chromium',
  find: () => find('chromium', 'chromium-browser', 'google-chrome'),
  async open(executablePath, address, visited) {
    const { chromium: driver } = await import('playwright-core');
    // without a sandbox, because the tests of a container run as root
    const browser = await driver.launch({ executablePath, args: ['--no-sandbox', ...QUIET] });
    try {
      const page = await browser.newPage();
      await page.goto(address);
      return { version: browser.version(), ...(await visited) };
    } finally {
      await browser.close();
    }
  },
};
