import { find } from './find.js';

/** Firefox, by WebDriver BiDi. */
export const firefox = {
  name: 'Firefox',
  packages: 'firefox-esr',
  find: () => find('firefox-esr', 'firefox'),
  async open(executablePath, address, visited) {
    const { launch } = await import('puppeteer-core');
    const browser = await launch({ browser: 'firefox', executablePath, headless: true });
    try {
      const page = await browser.newPage();
      await page.goto(address);
      const [, version] = (await browser.version()).split('/');
      return { version, ...(await visited) };
    } finally {
      await browser.close();
    }
  },
};
