/** The public names. */
export { Encoder } from './encoder.js';
export { encodings } from './encodings.js';
export * from './errors.js';
export { load } from './load.js';
export { similarity } from './similarity.js';
export { Tensor } from './tensor.js';
