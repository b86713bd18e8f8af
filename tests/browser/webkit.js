// WebKitGTK, the engine of Safari: a screen without a monitor, the driver, and the small browser that it drives; all three are
// ended by their ids. Not a test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Builder, Capabilities, Key, Origin } from 'selenium-webdriver';
import { startFront } from './watch.js';

/** @typedef {import('./engines.js').Driven} Driven */

const fetched = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../.cache/${name}`, import.meta.url));
const XVFB = process.env.XVFB ?? fetched('xvfb');
const DRIVER = process.env.WEBKITDRIVER ?? fetched('webkitdriver');
const MINIBROWSER = process.env.MINIBROWSER ?? fetched('minibrowser');

/** A page is shown as high as it is, so that a picture has all of it. */
const SCREEN = { width: 1400, height: 8000 };
/** The bar above the page would keep the window wider than a phone. */
const NARROW = '* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; }';

/** The driver's picture is taken when the page is next painted, which a page at rest is not: a pixel that nobody sees changes. */
const STIR = `const pixel = globalThis.stirring = document.createElement('i');
Object.assign(pixel.style, { position: 'fixed', top: 0, left: 0, width: '1px', height: '1px' });
document.body.append(pixel);
let count = 0;
const stir = () => {
  pixel.style.background = \`rgb(0 0 0 / \${count++ % 2 ? 0 : 0.004})\`;
  if (pixel.isConnected) requestAnimationFrame(stir);
};
stir();`;

/** @type {Record<string, string>} WebDriver's names of keys */
const KEYS = {
  ...{ ArrowLeft: Key.ARROW_LEFT, ArrowRight: Key.ARROW_RIGHT, ArrowUp: Key.ARROW_UP },
  ...{
    ArrowDown: Key.ARROW_DOWN,
    PageUp: Key.PAGE_UP,
    PageDown: Key.PAGE_DOWN,
    Home: Key.HOME,
    End: Key.END,
  },
  ...{ Enter: Key.ENTER, Escape: Key.ESCAPE, Tab: Key.TAB, Delete: Key.DELETE },
};

/** @returns {Promise<number>} a port that nobody listens on */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** @returns {Promise<Driven>} */
export async function startWebKit() {
  const folder = mkdtempSync(join(tmpdir(), 'wasmformer-webkit-'));
  mkdirSync(join(folder, 'gtk-3.0'));
  writeFileSync(join(folder, 'gtk-3.0/gtk.css'), NARROW);
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  const endAll = async () => {
    for (const child of children.reverse()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { width, height } = SCREEN;
    const screen = spawn(
      XVFB,
      ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    children.push(screen);
    const [display] = await once(screen.stdout, 'data');
    const port = await freePort();
    const env = {
      ...{ PATH: process.env.PATH, DISPLAY: `:${String(display).trim()}`, HOME: folder, LANG: 'C.UTF-8' },
      ...{ XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder },
      ...{ WEBKIT_DISABLE_COMPOSITING_MODE: '1', WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    };
    children.push(spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' }));
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; !(await fetch(`${url}/status`).catch(() => null)); tries++) {
      if (tries === 100) throw new Error(`${DRIVER} does not answer`);
      await wait(50);
    }
    const wanted = { binary: realpathSync(MINIBROWSER), args: ['--automation'] };
    const driver = await new Builder()
      .usingServer(url)
      .withCapabilities(new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': wanted }))
      .build();
    return await drive(driver, endAll);
  } catch (error) {
    await endAll();
    throw error;
  }
}

/** @param {import('selenium-webdriver').WebDriver} driver @param {() => Promise<void>} endAll @returns {Promise<Driven>} */
async function drive(driver, endAll) {
  const front = await startFront();
  const bar = Number(await driver.executeScript('return outerHeight - innerHeight'));
  const view = { width: 0, height: 0 };
  const resize = (/** @type {number} */ width, /** @type {number} */ height) =>
    driver
      .manage()
      .window()
      .setRect({ x: 0, y: 0, width, height: height + bar });
  return {
    goto: (url) => driver.get(url === 'about:blank' ? url : front.before(url)),
    reload: () => driver.navigate().refresh(),
    async evaluate(code) {
      const { value, error } = /** @type {any} */ (
        await driver.executeAsyncScript(`const done = arguments[0];
          Promise.resolve(${code}).then((value) => done({ value }), (error) => done({ error: String(error) }))`)
      );
      if (error) throw new Error(error);
      return value;
    },
    press: (key) =>
      driver
        .actions()
        .sendKeys(KEYS[key] ?? key)
        .perform(),
    async pointer(steps) {
      const actions = driver.actions();
      for (const step of steps) {
        if (step === 'down') actions.press();
        else if (step === 'up') actions.release();
        else actions.move({ ...step, origin: Origin.VIEWPORT, duration: 20 });
      }
      await actions.perform();
    },
    async resize(width, height) {
      Object.assign(view, { width, height });
      await resize(width, height);
    },
    async picture() {
      const tall = Number(await driver.executeScript('return document.documentElement.scrollHeight'));
      await resize(view.width, Math.min(tall, SCREEN.height - bar));
      await driver.executeScript(STIR);
      const bytes = Buffer.from(await driver.takeScreenshot(), 'base64');
      await driver.executeScript('stirring.remove()');
      await resize(view.width, view.height);
      return bytes;
    },
    heard: [],
    async close() {
      // A driver that hangs is not asked for long: its browser ends with its screen.
      await Promise.race([driver.quit().catch(() => {}), wait(5000, null, { ref: false })]);
      await front.close();
      await endAll();
    },
  };
}
