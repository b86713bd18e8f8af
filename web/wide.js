/**
 * Pairs of vectors as one: V8 can join them into those of 256 bits, of which a processor with AVX multiplies as many at a time. It is
 * an experiment of V8's, asked for by name.
 */
import { UnsupportedError } from '../bindings/errors.js';
import { isNode, process, v8 } from './node.js';

/** The first V8 that does it well, that of Node 24; before, it is slower. */
const FIRST = [13, 6];

/** @returns {boolean} whether this engine has such a V8, which would complain of a flag that it does not know */
function hasPairs() {
  const { versions } = process ?? {};
  if (!isNode || versions?.bun || versions?.deno) return false;
  const [major, minor] = (versions?.v8 ?? '').split('.').map(Number);
  return major > FIRST[0] || (major === FIRST[0] && minor >= FIRST[1]);
}

/**
 * From now on this process compiles modules so.
 * @throws {UnsupportedError} an engine that does not
 */
export function pairVectors() {
  if (hasPairs()) return v8().setFlagsFromString('--experimental-wasm-revectorize');
  const message = 'option "simd" is "wide", which needs Node 24 or newer; use "auto"';
  throw new UnsupportedError(message, { path: 'simd', value: 'wide' });
}
