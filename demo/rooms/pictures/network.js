/** The network in its thread and the picture that it reads: either may change. Not here: what is asked of them (session.js). */
import { reasonOf } from '../../parts/drop.js';
import { megabytes } from '../../parts/progress.js';
import { startThread } from './thread.js';

/**
 * @import { Part, Network } from './thread.js'
 * @import { Source } from './baked.js'
 *
 * @typedef {object} Picture
 * @property {() => Promise<Blob | { data: Uint8Array, width: number, height: number, channels: number }>} file
 * @property {ImageBitmap | HTMLImageElement} image
 * @property {boolean} isSample
 *
 * @typedef {object} Read
 * @property {Source} source
 * @property {Picture} picture
 * @property {Part} part
 * @property {Network} network
 * @property {number} seconds that reading the picture took
 */

/** What to say of a model of another kind. */
export const NEED = 'pictures need one such as DINOv2';

/**
 * @param {object} given
 * @param {AbortSignal} given.signal
 * @param {Picture} given.picture
 * @param {ReturnType<typeof import('../../parts/progress.js').progressLine>} given.progress
 * @param {(text: string) => void} given.complain '' takes it away
 * @param {(read: Read) => void} given.onRead
 * @param {(picture: Picture) => void} given.onUnread there is no network to read it
 */
export function createNetwork({ signal, picture: first, progress, complain, onRead, onUnread }) {
  let picture = first;
  /** @type {{ thread: ReturnType<typeof startThread>, network: Network, name: string } | null} */
  let now = null;
  /** @type {ReturnType<typeof startThread> | null} */
  let opening = null;
  signal.addEventListener('abort', () => {
    opening?.end();
    now?.thread.end();
  });

  /** @param {NonNullable<typeof now>} by @param {Picture} what */
  async function read({ thread, network, name }, what) {
    progress.set(1, `${name} reads the picture`);
    const start = performance.now();
    const { width, height } = what.image;
    const { facts, part } = await thread.read(await what.file(), { width, height });
    const seconds = (performance.now() - start) / 1000;
    return { source: thread.source(name, facts), picture: what, part, network, seconds };
  }

  return {
    picture: () => picture,
    thread: () => now?.thread ?? null,
    cancel() {
      opening?.end();
      opening = null;
      progress.hidden = true;
    },

    /** @param {unknown} source as `load` takes it @param {string} name @param {Picture} [what] that it reads @returns {Promise<boolean>} whether it is there now */
    async open(source, name, what = undefined) {
      opening?.end();
      const thread = startThread();
      opening = thread;
      complain('');
      progress.set(0, `Opening ${name}`);
      try {
        const network = await thread.open(source, ({ all: { loaded, total } }) => {
          if (opening === thread) progress.set(loaded / total, megabytes(loaded, total));
        });
        const next = { thread, network, name };
        const result = await read(next, what ?? picture);
        if (opening !== thread) return false;
        now?.thread.end();
        now = next;
        picture = result.picture;
        onRead(result);
        return true;
      } catch (error) {
        if (opening === thread) complain(reasonOf(error, NEED, source));
        thread.end();
        return false;
      } finally {
        if (opening === thread) {
          opening = null;
          progress.hidden = true;
        }
      }
    },

    /** @param {Picture} next */
    async take(next) {
      complain('');
      const before = picture;
      picture = next;
      if (!now) return onUnread(next);
      const by = now;
      try {
        const result = await read(by, next);
        if (picture === next && now === by) onRead(result);
      } catch (error) {
        if (picture !== next || now !== by || signal.aborted) return;
        complain(`This picture could not be read: ${/** @type {Error} */ (error).message}.`);
        picture = before;
        // The thread has let go of what it held.
        await read(by, before).then(onRead, () => {});
      } finally {
        if (!opening) progress.hidden = true;
      }
    },
  };
}
