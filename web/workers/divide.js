/** Dividing what is in one call among workers, and putting their results together in its order. */
import { isInputs } from '../../bindings/run/input_names.js';
import { Tensor } from '../../bindings/tensor.js';

/** Pieces for each worker, so that one with longer texts does not keep the others waiting. */
const EACH = 4;
/** Texts of a piece at least, where there are enough: they share a forward. */
const LEAST = 8;

/**
 * Where a call's list is, and how results come together.
 * @type {Record<string, { list: number, join: (results: any[], firsts: number[], args: any[]) => any, without?: string[] }>}
 */
export const DIVIDED = {
  embed: { list: 0, join: joinVectors },
  classify: { list: 0, join: (results) => results.flat(1) },
  tokens: { list: 0, join: (results) => results.flat(1) },
  fill: { list: 0, join: (results) => results.flat(1) },
  transcribe: { list: 0, join: (results) => results.flat(1) },
  rank: { list: 1, join: joinRanks, without: ['topK'] },
};

/**
 * @param {string} method
 * @param {any[]} args
 * @param {number} workers
 * @returns the pieces of a call; null for one that is not divided
 */
export function piecesOf(method, args, workers) {
  const how = DIVIDED[method];
  const list = how && args[how.list];
  if (!Array.isArray(list) || list.length < 2 || isInputs(list) || typeof list[0] === 'number') return null;
  if (how.without && !isCount(args[how.list + 1]?.topK)) return null;
  const size = Math.max(
    Math.ceil(list.length / (EACH * workers)),
    Math.min(LEAST, Math.ceil(list.length / workers)),
  );
  const firsts = Array.from({ length: Math.ceil(list.length / size) }, (_, i) => i * size);
  return {
    /**
     * @param {(args: any[], hooks: { progress?: (state: any) => void }) => Promise<any>} call
     * @param {((state: any) => void) | undefined} progress
     */
    async run(call, progress) {
      const done = firsts.map(() => 0);
      const results = await inTurn(firsts, workers, (first, i) => {
        const piece = args.map((arg, at) =>
          at === how.list
            ? list.slice(first, first + size)
            : withoutKeys(arg, at > how.list ? how.without : undefined),
        );
        const told = progress && {
          progress: (/** @type {{ done: number }} */ state) => {
            done[i] = state.done;
            progress({ ...state, done: done.reduce((sum, one) => sum + one, 0), total: list.length });
          },
        };
        return call(piece, told || {});
      });
      return how.join(results, firsts, args);
    },
  };
}

/** What is no count is refused by a worker. @param {unknown} topK */
const isCount = (topK) => topK === undefined || (Number.isInteger(topK) && Number(topK) > 0);

/**
 * As many at a time as there are workers; after an error none is begun.
 * @param {number[]} firsts
 * @param {number} workers
 * @param {(first: number, i: number) => Promise<any>} run
 */
async function inTurn(firsts, workers, run) {
  /** @type {any[]} */
  const results = [];
  let next = 0;
  let isOver = false;
  const work = async () => {
    while (next < firsts.length && !isOver) {
      const i = next++;
      try {
        results[i] = await run(firsts[i], i);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

/** @param {any} options @param {string[] | undefined} keys */
const withoutKeys = (options, keys) =>
  keys && options && typeof options === 'object'
    ? Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)))
    : options;

/** @param {(Tensor & { truncated: number[] })[]} results @param {number[]} firsts */
function joinVectors(results, firsts) {
  const [{ dtype, shape, data }] = results;
  const each = shape.slice(1).reduce((product, size) => product * size, 1);
  const rows = results.reduce((sum, one) => sum + one.shape[0], 0);
  const all = new /** @type {any} */ (data.constructor)(rows * each);
  let at = 0;
  for (const one of results) {
    all.set(one.data, at);
    at += one.data.length;
  }
  const truncated = results.flatMap((one, i) => one.truncated.map((index) => index + firsts[i]));
  return Object.assign(new Tensor(dtype, all, [rows, ...shape.slice(1)]), { truncated });
}

/** @param {{ corpus_id: number, score: number }[][]} results @param {number[]} firsts @param {any[]} args */
function joinRanks(results, firsts, [, , options]) {
  const all = results.flatMap((ranked, i) =>
    ranked.map((one) => ({ ...one, corpus_id: one.corpus_id + firsts[i] })),
  );
  // Equal scores stand in the order of the documents, as a stable sort leaves them.
  all.sort((a, b) => b.score - a.score || a.corpus_id - b.corpus_id);
  return all.slice(0, options?.topK ?? all.length);
}
