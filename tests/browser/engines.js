// Pages in the engines of all browsers, behind one small interface: Firefox, WebKitGTK (Safari's engine) and Chromium. Each start
// is a browser of its own with a new profile and one page, on loopback only. Not a test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { ARGUMENTS } from './browser.js';
import { watch } from './watch.js';
import { startWebKit } from './webkit.js';

/**
 * @typedef {{ x: number, y: number }} Point of the page's window
 *
 * @typedef {object} Driven what a driver does with its page
 * @property {(url: string) => Promise<unknown>} goto
 * @property {() => Promise<unknown>} reload
 * @property {(code: string) => Promise<any>} evaluate an expression, or the promise that it gives
 * @property {(key: string) => Promise<unknown>} press by the name of KeyboardEvent.key
 * @property {(steps: (Point | 'down' | 'up')[]) => Promise<unknown>} pointer of a mouse
 * @property {(width: number, height: number) => Promise<unknown>} resize the page's window
 * @property {() => Promise<Uint8Array>} picture of the whole page
 * @property {string[]} heard what the browser itself told of errors
 * @property {() => Promise<void>} close
 */

const FIREFOX = process.env.FIREFOX ?? fileURLToPath(new URL('../../.cache/firefox', import.meta.url));
/** Nothing but loopback is reached: all else would go by a proxy that there is not. */
const ON_LOOPBACK = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
};

/** @type {Record<string, () => Promise<Driven>>} */
const STARTS = {
  chromium: async () => {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    const page = await browser.newPage();
    await page.addInitScript(watch);
    return {
      ...driven(page, browser),
      resize: (width, height) => page.setViewportSize({ width, height }),
    };
  },
  firefox: async () => {
    const browser = await puppeteer.launch({
      ...{ browser: 'firefox', executablePath: FIREFOX, headless: true, extraPrefsFirefox: ON_LOOPBACK },
    });
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    await page.evaluateOnNewDocument(watch);
    return {
      ...driven(/** @type {any} */ (page), browser),
      resize: (width, height) => page.setViewport({ width, height }),
    };
  },
  webkit: startWebKit,
};

/**
 * What the two drivers have in common.
 * @param {import('playwright-core').Page} page
 * @param {{ close: () => Promise<void> }} browser
 */
function driven(page, browser) {
  /** @type {string[]} */
  const heard = [];
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('console', (message) => {
    // Chromium logs every 404, also that of a file which a model may lack; what a page lacks is heard in it.
    if (/status of 404/.test(message.text())) return;
    if (['error', 'warning', 'warn'].includes(message.type())) heard.push(message.text());
  });
  return {
    heard,
    goto: (/** @type {string} */ url) => page.goto(url),
    reload: () => page.reload(),
    evaluate: (/** @type {string} */ code) => page.evaluate(code),
    press: (/** @type {string} */ key) => page.keyboard.press(key),
    async pointer(/** @type {(Point | 'down' | 'up')[]} */ steps) {
      for (const step of steps) {
        if (typeof step === 'string') await page.mouse[step]();
        else await page.mouse.move(step.x, step.y);
      }
    },
    picture: () => page.screenshot({ fullPage: true }),
    close: () => browser.close(),
  };
}

/** In the page. @param {string} selector @param {string} text @returns {Point | null} */
function findMiddle(selector, text) {
  const all = [...document.querySelectorAll(selector)];
  const found = all.find((one) => one.textContent?.trim().startsWith(text));
  if (!found) return null;
  found.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = found.getBoundingClientRect();
  const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  return found.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}

/** @param {keyof typeof STARTS} name @returns {Promise<EnginePage>} */
export const startEngine = async (name) => new EnginePage(await STARTS[name]());

/** A page, as who uses it would: by addresses, keys and a pointer. */
export class EnginePage {
  /** @param {Driven} driver */
  constructor(driver) {
    this.driver = driver;
  }

  /** Opens an address anew, also one that differs from the last in its hash alone. @param {string} url */
  async goto(url) {
    await this.driver.goto('about:blank');
    this.driver.heard.length = 0;
    await this.driver.goto(url);
  }

  reload() {
    return this.driver.reload();
  }

  /** @param {(...args: any[]) => any} run in the page, knowing nothing but its arguments @param {...any} args of JSON */
  evaluate(run, ...args) {
    return this.driver.evaluate(`(${run})(...${JSON.stringify(args)})`);
  }

  /** Waits until it gives something true, and gives that. @param {(...args: any[]) => any} run @param {...any} args */
  async until(run, ...args) {
    for (let tries = 0; ; tries++) {
      const found = await this.evaluate(run, ...args);
      if (found) return found;
      if (tries === 400) throw new Error(`waited in vain for ${run} of ${JSON.stringify(args)}`);
      await wait(25);
    }
  }

  /** @param {...string} keys by their names */
  async press(...keys) {
    for (const key of keys) await this.driver.press(key);
  }

  /**
   * The middle of an element, which is brought into sight once it is there, and waited for while it moves or lies under another.
   * @param {string} selector @param {string} [text] that it begins with
   * @returns {Promise<Point>}
   */
  async middleOf(selector, text = '') {
    for (let was = ''; ; ) {
      const middle = await this.until(findMiddle, selector, text);
      if (JSON.stringify(middle) === was) return middle;
      was = JSON.stringify(middle);
    }
  }

  /** @param {string} selector @param {string} [text] */
  async click(selector, text) {
    await this.driver.pointer([await this.middleOf(selector, text), 'down', 'up']);
  }

  /** @param {Point} from @param {Point} to */
  async drag(from, to) {
    const way = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => ({
      x: Math.round(from.x + ((to.x - from.x) * i) / 8),
      y: Math.round(from.y + ((to.y - from.y) * i) / 8),
    }));
    await this.driver.pointer([from, 'down', ...way, 'up']);
  }

  /** @param {number} width @param {number} height */
  async resize(width, height) {
    await this.driver.resize(width, height);
    await this.until((/** @type {number} */ wanted) => innerWidth === wanted, width);
  }

  /** Errors on the console, exceptions, files that did not come and violations of the policy since the page was opened. */
  async complaints() {
    const own = await this.evaluate(
      () => Reflect.get(globalThis, 'complaints') ?? ['nobody watches this page'],
    );
    return [...own, ...this.driver.heard];
  }

  /** @param {string} path of a PNG */
  async screenshot(path) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await this.driver.picture());
  }

  close() {
    return this.driver.close();
  }
}
