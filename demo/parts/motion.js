/** Motion: values that move over time. Who asks for less of it gets the end at once. */

/** Whether the visitor asked for less motion. */
export const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** cubic-bezier(.2, .8, .2, 1), near enough for the eye: fast away, slow to rest. @param {number} t */
export const ease = (t) => 1 - (1 - t) ** 4;

/**
 * @param {number} duration milliseconds
 * @param {(t: number) => void} frame gets 0 to 1, eased; the last call is 1
 * @param {AbortSignal} [signal] ends it where it stands
 * @returns {Promise<void>} when it has come to rest, or was ended
 */
export function move(duration, frame, signal) {
  if (isStill()) {
    frame(1);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const start = performance.now();
    const step = (/** @type {number} */ now) => {
      if (signal?.aborted) return resolve();
      const t = Math.min(Math.max((now - start) / duration, 0), 1);
      frame(ease(t));
      if (t < 1) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
}

/** Calls `draw` once before the next picture, however often it is asked. @param {() => void} draw */
export function onceAFrame(draw) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}

/** @param {number} time milliseconds @param {AbortSignal} [signal] @returns {Promise<void>} */
export const wait = (time, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
