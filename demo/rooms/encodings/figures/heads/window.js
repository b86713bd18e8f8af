/** Swin's window bias, head by head, of made-up tables or of those of a network that the visitor brings. */
import { make } from '../../../../parts/dom.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { createBrought, windowOf } from './brought.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';
import { FITS, pairOf } from './tables.js';

const START = STARTS.windowBias;
/** Of what was brought, once it is. @type {Record<string, any>} */
export let OPTIONS = START;
export const NUMBERS = WORDS.windowBias;

/** What the visitor has brought, as long as the page is open. @type {import('./brought.js').Learned | undefined} */
let learned;

/** The brought table and the window that it is for. @param {import('./brought.js').Learned} of */
function tableOf({ tables, layer }) {
  const table = /** @type {import('./brought.js').Table} */ (tables.get(layer));
  return { table, .../** @type {NonNullable<ReturnType<typeof windowOf>>} */ (windowOf(table.shape[0])) };
}

/** @param {Record<string, any>} options */
function isOfLearned({ window, classToken, tableLayout }) {
  if (!learned || tableLayout === 'heads-first') return false;
  const own = tableOf(learned);
  return pairOf(window).every((side) => side === own.window) && !classToken === !own.classToken;
}

/** What was learned fits one window. @param {Record<string, any>} options */
export function fit(options) {
  if (learned && isOfLearned(options)) options.table = tableOf(learned).table;
  else FITS.windowBias(options);
}

/** @type {import('../index.js').Module['create']} */
export function create(given) {
  const from = make('span');
  const about = make(
    'span',
    {},
    "The number that each head adds to a score, for the patch in yellow. Orange: look here. Blue: look away. By offset, each head's whole table, and the part of it that the patch cuts out. ",
    from,
  );
  const figure = /** @type {import('../index.js').Figure} */ (
    headsOf(about, (_, options, table) => {
      from.textContent = learned
        ? isOfLearned(options)
          ? `Real tables, learned by ${learned.of} in ${learned.layer}.`
          : `The tables of ${learned.of} are for a window of ${tableOf(learned).window}: these are made up.`
        : 'The tables are made up: drop a Swin’s folder anywhere, and they are the real ones.';
      const { window, classToken } = options;
      return tasteOf(table, window, { prefix: classToken ? 1 : 0, hasOffsets: true });
    })(given)
  );
  const take = (/** @type {typeof learned} */ now) => {
    learned = now;
    const { window, classToken } = now ? tableOf(now) : { window: START.window, classToken: undefined };
    OPTIONS = { ...START, window, classToken };
    given.change({ window, classToken, tableLayout: undefined });
  };
  return { ...figure, controls: createBrought({ page: given.page, learned, take }) };
}
