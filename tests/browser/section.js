// What the tests of the page's sections share: the page at an encoding, and the files that it saves. Not a test.
import { readFileSync } from 'node:fs';

/**
 * The page at an encoding.
 * @param {Awaited<ReturnType<typeof import('./browser.js').startBrowser>>} browser
 * @param {Record<string, string | number>} state
 * @param {import('./browser.js').PageOptions} [options]
 */
export async function openEncoding(browser, state, options) {
  const words = Object.entries(state).map(([key, value]) => [
    key === 'name' ? 'pe' : `pe.${key}`,
    String(value),
  ]);
  const opened = await browser.openPage({ ...options, hash: new URLSearchParams(words).toString() });
  const section = opened.page.locator('#encodings');
  await section.getByText(/made in [\d.]+ ms/).waitFor();
  return { ...opened, section, map: section.locator('canvas'), readout: section.locator('.readout') };
}

/** The file that a button saves. @param {import('playwright-core').Locator} section @param {string} ending */
export async function saved(section, ending) {
  const waiting = section.page().waitForEvent('download');
  await section.getByRole('button', { name: `Save .${ending}` }).click();
  return readFileSync(await (await waiting).path());
}
