/** Compiling a build of the core: its file lies beside this one. Not here: which build it is to be (core.js). */
import { compileAt } from './compile.js';
import { besideOf, isNode } from './node.js';

/** @param {'base' | 'relaxed'} build @param {boolean} isShared @returns {Promise<WebAssembly.Module>} */
export function compileBuild(build, isShared) {
  // In functions: some hosts have no addresses. On servers a bundler is not to take the file along, whose address it would make
  // one of a page; so it must not see one.
  const name = `wasm/wasmformer-${build}.wasm`;
  const beside = isNode ? besideOf(import.meta.url, name) : null;
  if (beside?.protocol === 'file:') return compileAt(beside, isShared);
  // Whole literals: bundlers for pages find assets by this pattern only.
  return compileAt(
    build === 'base'
      ? new URL('./wasm/wasmformer-base.wasm', import.meta.url)
      : new URL('./wasm/wasmformer-relaxed.wasm', import.meta.url),
    isShared,
  );
}
