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

/** f(x, y, z): lane 0 of f32x4.relaxed_madd of the three. */
const MULTIPLY_ADD = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 8, 1, 0x60, 3, 0x7d, 0x7d, 0x7d, 1, 0x7d], // one type: three f32 give one
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0], // exported as "f"
  ...[10, 22, 1, 20, 0],
  ...[0, 1, 2].flatMap((parameter) => [0x20, parameter, 0xfd, 0x13]), // f32x4.splat
  ...[0xfd, 0x85, 0x02, 0xfd, 0x1f, 0, 0x0b], // relaxed_madd; extract_lane
]);

/**
 * Whether relaxed multiply-add rounds once on this machine: only then are results the same bits everywhere. Engines that do
 * not compile bytes run where it does.
 * @returns {boolean}
 */
export function hasFusedSimd() {
  if (!WebAssembly.validate(MULTIPLY_ADD)) return false;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MULTIPLY_ADD));
    const x = 1 + 2 ** -12;
    // The square's last bit is lost unless it is kept for the sum.
    return /** @type {any} */ (exports).f(x, x, -(1 + 2 ** -11)) !== 0;
  } catch {
    return true;
  }
}
