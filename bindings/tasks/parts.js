/** What an encoder is put together from, in loading/assemble.js. */

/**
 * @typedef {object} Parts what loading/assemble.js puts an encoder together from
 * @property {import('../run/model.js').Model} model the whole model, or of two towers the one that reads texts
 * @property {import('../run/model.js').Model | null} vision the tower that reads pictures, beside one that reads texts
 * @property {import('../formats/config.js').Config} config
 * @property {'base' | 'relaxed' | 'wide'} build
 * @property {import('../text/tokenizer.js').Tokenizer | null} tokenizer
 * @property {import('../text/sentence_transformers.js').SentenceTransformer | null} sentenceTransformer
 * @property {import('../loading/modules.js').Stage[]} stages what follows pooling, at least one
 * @property {(() => import('../vision/processor.js').ImageProcessor) | null} processor throws if it is not to be had
 * @property {(() => import('../audio/extractor.js').FeatureExtractor) | null} extractor as `processor`, of recordings
 * @property {(() => import('../text/tokenizer.js').Tokenizer) | null} letters as `processor`: what an audio model's logits spell
 * @property {import('../vision/input.js').ImagePlatform} images how pictures are read here
 * @property {import('../core/instance.js').Instance} instance
 * @property {ReadonlyMap<string, import('../run/weights.js').Weight>} weights by the names that the files have for them
 */

export {};
