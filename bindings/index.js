/** The public names. */
export { Encoder } from './encoder.js';
export * from './errors.js';
export { load } from './load.js';
export { similarity } from './similarity.js';
export { Tensor } from './tensor.js';

/**
 * The position encodings of `wasmformer/encodings`, whose files are read when this is called: who only runs models does
 * not wait for them.
 * @type {typeof import('./encodings.js').encodings}
 */
export const encodings = async (options) => (await import('./encodings.js')).encodings(options);
