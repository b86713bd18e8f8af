/** Threads in `wasmformer/inline`: their program is a file of its own, which a single file does not have. */

export const whyAlone = () => 'wasmformer/inline starts no threads: import "wasmformer" instead';

export const coreCount = () => 1;

/** @returns {never} */
export function startThread() {
  throw new Error(whyAlone());
}
