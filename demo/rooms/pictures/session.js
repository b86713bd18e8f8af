/** What is held, and what is known of it: asks the source, newest first, and tells the view. Not here: what is drawn. */
import { keptOf, stretched } from './paint.js';
import { startOf, stateOf } from './state.js';

/**
 * @import { Source } from './baked.js'
 * @import { State } from './state.js'
 *
 * @typedef {object} Known null: not known of what is held, or not yet
 * @property {(Float32Array | null)[]} like cosines by layer
 * @property {(Float32Array | null)[]} kept how much of each patch stays, by layer
 * @property {Float32Array | null} look
 * @property {Float32Array | null} colours
 * @property {Float32Array | null} heads
 *
 * @typedef {'like' | 'look' | 'colours' | 'heads' | 'state'} Change
 */

/** @param {(change: Change) => void} tell @param {(error: unknown) => void} complain */
export function createSession(tell, complain) {
  /** @type {Source} */
  let source;
  /** @type {State} */
  let state;
  /** @type {Known} */
  let known = nothing();
  let wantsHeads = false;
  let isSample = true;

  /** @template T @param {() => Promise<T | null>} ask @param {(answer: T) => boolean} isWanted @param {(answer: T | null) => void} take */
  async function request(ask, isWanted, take) {
    const asked = source;
    try {
      const answer = await ask();
      if (source !== asked || (answer && !isWanted(answer))) return;
      take(answer);
    } catch (error) {
      if (source === asked) complain(error);
    }
  }

  function askLike() {
    const { row, column } = state;
    const isStill = () => state.row === row && state.column === column;
    request(
      () => source.like(row, column),
      isStill,
      (like) => {
        if (!like) return;
        known.like = like;
        known.kept = like.map((map) => map && keptOf(map));
        tell('like');
      },
    );
    if (wantsHeads) askHeads();
  }
  function askHeads() {
    const { row, column } = state;
    if (!source.facts.heads) return tell('heads');
    request(
      () => source.heads(row, column),
      () => state.row === row && state.column === column,
      (heads) => {
        if (state.row !== row || state.column !== column || (!heads && !source.isBaked)) return;
        known.heads = heads;
        tell('heads');
      },
    );
  }
  function askLook() {
    const { look, head } = state;
    if (!source.facts.heads) return tell('look');
    request(
      () => source.look(look, head),
      () => state.look === look && state.head === head,
      (map) => {
        if (!map) return;
        known.look = map;
        tell('look');
      },
    );
  }
  function askColours() {
    const { layer } = state;
    request(
      () => source.colours(layer),
      () => state.layer === layer,
      (colours) => {
        if (!colours) return;
        known.colours = stretched(colours);
        tell('colours');
      },
    );
  }
  function askAll() {
    askLike();
    askLook();
    askColours();
  }

  return {
    state: () => state,
    known: () => known,
    source: () => source,

    /** Another picture, or another network that has read it. @param {Source} next @param {{ isSample: boolean, params?: URLSearchParams }} how */
    use(next, how) {
      const isSame =
        state &&
        how.isSample === isSample &&
        ['rows', 'columns', 'layers', 'heads'].every(
          (key) => Reflect.get(next.facts, key) === Reflect.get(source.facts, key),
        );
      source = next;
      isSample = how.isSample;
      const start = startOf(next.facts, isSample && next.facts.layers === 12 && next.facts.rows === 28);
      if (!isSame) {
        state = how.params ? stateOf(how.params, next.facts, start) : start;
        known = nothing();
      } else known = { ...nothing(), kept: known.kept };
      tell('state');
      askAll();
    },

    /** @param {URLSearchParams} params */
    read(params) {
      known = { ...nothing(), kept: known.kept };
      state = stateOf(params, source.facts, startOf(source.facts, isSample && source.facts.rows === 28));
      tell('state');
      askAll();
    },

    /** @param {Partial<State>} changes */
    set(changes) {
      const before = state;
      state = { ...state, ...changes };
      const has = (/** @type {(keyof State)[]} */ ...keys) => keys.some((key) => state[key] !== before[key]);
      // What was known of another patch or layer is not told of this one; its picture stays until the next.
      if (has('row', 'column')) Object.assign(known, { like: [], heads: null });
      if (has('look', 'head')) known.look = null;
      if (has('layer')) known.colours = null;
      tell('state');
      if (has('row', 'column')) askLike();
      if (has('look', 'head')) askLook();
      if (has('layer')) askColours();
    },

    /** The maps of all heads are looked at from now on. */
    wantHeads() {
      if (wantsHeads) return;
      wantsHeads = true;
      askHeads();
    },
  };
}

/** @returns {Known} */
const nothing = () => ({ like: [], kept: [], look: null, colours: null, heads: null });
