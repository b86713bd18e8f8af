/**
 * The builds of the core within the file that holds this code: what stands in place of builds.js in `wasmformer/inline`, so that
 * one file is all that a page, a worker or a program needs.
 */

/**
 * Put in where the files are joined.
 * @type {{ turn: number, sizes: Record<'base' | 'relaxed', number>, data: string }} data: base64, deflated: `turn` bytes of the one
 *   build, `turn` of the other, and so on to the end of each
 */
const BUILDS = /** @type {any} */ (import.meta).builds;

/** @param {'base' | 'relaxed'} build @returns {Promise<WebAssembly.Module>} */
export async function compileBuild(build) {
  const { turn, sizes, data } = BUILDS;
  const packed = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const both = new Uint8Array(await new Response(stream).arrayBuffer());
  const module = new Uint8Array(sizes[build]);
  for (let at = 0, from = 0; from < both.length; at += turn) {
    for (const name of /** @type {const} */ (['base', 'relaxed'])) {
      const length = Math.max(0, Math.min(turn, sizes[name] - at));
      if (name === build && length) module.set(both.subarray(from, from + length), at);
      from += length;
    }
  }
  return WebAssembly.compile(module);
}
