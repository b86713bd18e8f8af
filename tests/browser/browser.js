// What the browser tests share: a Chromium of their own, the demo's server, and pages that keep a list of what went
// wrong in them. Not a test.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startServer } from '../../demo/serve.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the real MiniLM, which the set-up of the tests fetches. */
export const MINILM = process.env.MINILM ?? join(ROOT, '.cache/minilm');
const SCREENSHOTS = join(ROOT, 'build/screenshots');

/** Files that loading asks for and that the model of these tests does not have. */
const MAY_LACK = /\/models\/minilm\/added_tokens\.json$/;

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium with a new profile, and the page's server on a free port.
 * @param {{ under?: string, isolate?: boolean }} [options] of the server
 * @returns {Promise<{ url: string, openPage: (options?: PageOptions) => Promise<OpenPage>, close: () => Promise<void> }>}
 */
export async function startBrowser(options) {
  const server = await startServer({ port: 0, ...options });
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS }).catch(async (error) => {
    await server.close();
    throw error;
  });
  return {
    url: server.url,
    openPage: (wanted) => openPage(browser, server.url, wanted),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * @typedef {object} PageOptions
 * @property {string} [hash] the state that the page starts with, without `#`
 * @property {{ width: number, height: number }} [viewport]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {boolean} [javaScriptEnabled]
 * @property {boolean} [hasTouch]
 * @property {'reduce' | 'no-preference'} [reducedMotion]
 * @property {'allow' | 'block'} [serviceWorkers]
 *
 * @typedef {object} OpenPage
 * @property {import('playwright-core').Page} page at the demo
 * @property {string[]} complaints errors on the console, exceptions, failed requests and violations of the policy
 * @property {(name: string) => Promise<void>} shoot leaves a picture of the whole page in build/screenshots
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {PageOptions} [options]
 * @returns {Promise<OpenPage>}
 */
async function openPage(browser, url, { hash = '', viewport, ...options } = {}) {
  const context = await browser.newContext({
    viewport: viewport ?? { width: 1280, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => {
    // A browser logs every 404, also that of a file which a model may lack.
    if (MAY_LACK.test(message.location().url)) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // Whoever has read a file's last byte may let its stream go before the browser has seen the end.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
  });
  if (options.javaScriptEnabled === false) {
    await page.goto(url);
    return { page, complaints, shoot: async () => {} };
  }
  await page.exposeFunction('complain', (/** @type {string} */ text) => complaints.push(text));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      Reflect.get(globalThis, 'complain')(`policy: ${event.violatedDirective} blocked ${event.blockedURI}`);
    });
  });
  await page.goto(hash ? `${url}#${hash}` : url);
  const shoot = async (/** @type {string} */ name) => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  };
  return { page, complaints, shoot };
}
