/** What measures within the page: programs that Chromium runs there, before the page's own or while it stands. */

/** @import { Page } from 'playwright-core' */

/** Presses → on the first word as soon as there is one, and notes when the next word has the focus. */
export function firstKey() {
  const press = () => {
    const word = /** @type {HTMLElement | null} */ (document.querySelector('.word'));
    word?.focus();
    word?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
    const now = document.activeElement;
    if (word && now !== word && now?.matches('.word')) Reflect.set(globalThis, 'answered', performance.now());
    else setTimeout(press);
  };
  press();
}

/** The page is idle when it is told so, whatever the machine has time for. */
export function lateIdle() {
  const calls = /** @type {(() => void)[]} */ ([]);
  Reflect.set(globalThis, 'requestIdleCallback', (/** @type {() => void} */ call) => calls.push(call));
  Reflect.set(globalThis, 'beIdle', () => {
    for (const call of calls.splice(0)) call();
  });
}

/** Keeps the lengths of all blocks of the thread. @param {number} least */
export function watchBlocks(least) {
  const blocks = /** @type {number[]} */ ([]);
  Reflect.set(globalThis, 'blocks', blocks);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (duration >= least) blocks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** Moves a slider from end to end, a step a frame, as a hand does. @param {Page} page @param {string} label */
export async function drag(page, label) {
  const slider = page.locator(`input[type="range"][aria-label="${label}"]`).first();
  await slider.evaluate(async (input) => {
    const range = /** @type {HTMLInputElement} */ (input);
    const [from, to] = [Number(range.min), Number(range.max)];
    for (let step = 0; step <= 40; step++) {
      range.value = String(from + ((to - from) * step) / 40);
      range.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(done));
    }
  });
}

/**
 * Milliseconds from the start of a frame's work until the first map and its bar are drawn, the page's maps drawn anew each time.
 * @param {Page} page
 * @param {number} rounds
 * @returns {Promise<number[]>}
 */
export const redraw = (page, rounds) =>
  page.evaluate(async (count) => {
    const plain = CanvasRenderingContext2D.prototype.putImageData;
    const times = [];
    for (let round = 0; round < count; round++) {
      let [start, end] = [0, 0];
      CanvasRenderingContext2D.prototype.putImageData = function put(/** @type {any[]} */ ...given) {
        Reflect.apply(plain, this, given);
        if (this.canvas.matches('.bar-canvas')) end ||= performance.now();
      };
      requestAnimationFrame(() => {
        start = performance.now();
      });
      dispatchEvent(new Event('colours'));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      times.push(end - start);
    }
    CanvasRenderingContext2D.prototype.putImageData = plain;
    return times;
  }, rounds);
