import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, LaunchOptions, Page } from 'puppeteer-core';
import { inject } from 'vitest';
import { chromium } from '../../browsers/drivers/chromium.js';
import { firefox } from '../../browsers/drivers/firefox.js';

export type Scheme = 'light' | 'dark';

/** No display, no sandbox (containers run as root), nothing but the page on the network, and a camera that is none. */
const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

const firefoxPreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
};

const launchOptions: Readonly<Record<string, (scheme: Scheme) => LaunchOptions>> = {
  Chromium: () => ({
    executablePath: chromium.find(),
    args: chromiumArguments,
  }),
  Firefox: (scheme) => ({
    browser: 'firefox',
    executablePath: firefox.find(),
    extraPrefsFirefox: {
      ...firefoxPreferences,
      'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1,
    },
  }),
};

export const browserNames = Object.keys(launchOptions);

export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions, so far. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
}

/** A browser, with pages of the site. */
export class Driver {
  readonly #browser: Browser;
  readonly #scheme: Scheme;

  private constructor(browser: Browser, scheme: Scheme) {
    this.#browser = browser;
    this.#scheme = scheme;
  }

  static async launch(name: string, scheme: Scheme = 'light'): Promise<Driver> {
    const { launch } = createRequire(import.meta.url)('puppeteer-core') as typeof import('puppeteer-core');
    return new Driver(await launch({ headless: true, ...launchOptions[name](scheme) }), scheme);
  }

  /** Opens an address of the page and waits until its view is there. */
  async visit(query: string, width = 1280, prepare?: (page: Page) => Promise<unknown>): Promise<Visit> {
    const visit = await this.#open(inject('address') + query, width, prepare);
    await visit.page.waitForSelector('main:not([aria-busy]) > div');
    return visit;
  }

  visitFile(path: string): Promise<Visit> {
    return this.#open(String(pathToFileURL(path)), 1280);
  }

  async #open(address: string, width: number, prepare?: (page: Page) => Promise<unknown>): Promise<Visit> {
    const page = await this.#browser.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warn', 'warning', 'assert'].includes(message.type()))
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.setViewport({ width, height: 800 });
    // Firefox has its scheme from the start
    if ((await this.#browser.version()).includes('Chrome')) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: this.#scheme }]);
    }
    await prepare?.(page);
    await page.goto(address);
    return { page, complaints, requests };
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** Waits until a function of the page is true. */
export const until = (page: Page, condition: string, timeout = 60_000) =>
  page.waitForFunction(condition, { timeout, polling: 50 });
