/** Compiling a build of the core: its file lies beside this one. Not here: which build it is to be (core.js). */
import { compileAt } from './compile.js';

/** @param {'base' | 'relaxed'} build @returns {Promise<WebAssembly.Module>} */
export const compileBuild = (build) =>
  // Whole literals: bundlers find assets by this pattern only. In a function: some hosts have no addresses.
  compileAt(
    build === 'base'
      ? new URL('./wasm/wasmformer-base.wasm', import.meta.url)
      : new URL('./wasm/wasmformer-relaxed.wasm', import.meta.url),
  );
