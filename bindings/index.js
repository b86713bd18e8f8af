/** The public names that need no environment; `load`, `loadTokenizer` and `encodings` are bound to one in web/index.js. */
export {
  AbortError,
  ConfigError,
  DisposedError,
  FormatError,
  InputError,
  IntegrityError,
  NetworkError,
  OutOfMemoryError,
  ShapeError,
  UnsupportedError,
  WasmformerError,
  WorkerError,
} from './errors.js';
export { patchColours, patchSimilarity } from './patches.js';
export { principalComponents } from './principal.js';
export { rollout } from './rollout.js';
export { similarity } from './similarity.js';
export { Encoder } from './tasks/encoder.js';
export { Tensor } from './tensor.js';
export { Tokenizer } from './text/tokenizer.js';
