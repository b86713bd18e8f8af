/**
 * What the engine can run, asked with tiny modules: an unknown instruction fails a whole module, so there is no asking
 * inside one.
 */

/** A module of one function with a v128 local and the instructions given. @param {number[]} body */
function moduleOf(body) {
  const code = [1, 1, 0x7b, ...body, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
    ...[1, 4, 1, 0x60, 0, 0], // one type: no parameters, no results
    ...[3, 2, 1, 0], // one function of that type
    ...[10, code.length + 2, 1, code.length, ...code],
  ]);
}

const LOCAL = [0x20, 0];
const DROP = [0x1a];

/** @returns {boolean} whether the engine runs 128-bit SIMD */
export const hasSimd = () => WebAssembly.validate(moduleOf([...LOCAL, ...DROP]));

/** @returns {boolean} whether the engine runs relaxed SIMD, by f32x4.relaxed_madd */
export const hasRelaxedSimd = () =>
  WebAssembly.validate(moduleOf([...LOCAL, ...LOCAL, ...LOCAL, 0xfd, 0x85, 0x02, ...DROP]));
