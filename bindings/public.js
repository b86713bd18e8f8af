/**
 * The types of what callers pass and get, for their editors. Not here: code. Classes of the environment (Blob, URL …) are named
 * through `Global`, so that the declarations need neither the DOM's types nor Node's.
 */

/** @import { Dtype } from './formats/npy.js' */
/** @import { ReadingOptions } from './loading/public.js' */
/** @import { Patches, Trace } from './run/public.js' */
/** @import { Tensor } from './tensor.js' */

/**
 * The instances of a global class; never, where the environment's types do not have it.
 * @template {string} N
 * @typedef {typeof globalThis extends { [K in N]: { prototype: infer T } } ? T : never} Global
 */

/** @typedef {ArrayBuffer | ArrayBufferView} Bytes */
/** @typedef {typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : never} WasmModule */
/** @typedef {WasmModule | Bytes | string | Global<'URL'>} Wasm the core's module, its bytes or its address */
/** @typedef {Global<'AbortSignal'>} Signal */

/**
 * Where a model is: its id on the Hugging Face hub, owner/name, a folder's path (Node), its URL (in a page also a relative one, such
 * as ./owner/name), the files or the directory handle that a page gets when its user chooses a folder, a Map of names to what they
 * hold, or config and tensors in memory.
 * @typedef {string | Global<'URL'> | readonly Global<'File'>[] | Global<'FileList'> | Global<'FileSystemDirectoryHandle'> |
 *   ReadonlyMap<string, Bytes | Global<'Blob'>>} Folder
 */
/** @typedef {Folder | { readonly config: object, readonly tensors: Readonly<Record<string, Tensor>> }} ModelSource */

/**
 * @typedef {object} CoreOptions
 * @property {'auto' | 'base' | 'relaxed' | 'wide'} [simd] the build of the core; by default the best that the engine runs. 'wide', in Node
 *   24 or newer: relaxed with its vectors in pairs, an experiment of V8's that holds for the whole process from then on; the same
 *   bits, faster where the processor has AVX
 * @property {Wasm | { base?: Wasm, relaxed?: Wasm }} [wasm] the core's module, its bytes or its address, instead of the one found;
 *   of one for each build `simd` takes one
 */

/**
 * @typedef {object} WeightOptions
 * @property {'f32' | 'int8'} [dtype] how the layers' weights and the table of words are kept and multiplied, 'f32' by default. 'int8' rounds them to 8 bits,
 *   and so the rows that they multiply, each by a scale of its own; both are turned by a Hadamard matrix before, so that no large value
 *   makes the step of its neighbours (QuaRot, arXiv 2404.00456). Any model's files load so, without a conversion
 * @property {number | 'auto'} [threads] how many threads share a forward, 1 to 16, or 'auto' for as many as there are cores, at most 8;
 *   one by default. They change no bit. In a page they need cross-origin isolation, and the encoder is put into a worker; where there
 *   can be none, one runs, and `info.why` says why
 * @property {number} [maxTokens] padded rows of tokens that one block of the core's work holds, 1024 by default; larger calls are
 *   split, and one longer sequence makes the core's memory grow once
 */
/** @typedef {ReadingOptions & CoreOptions & WeightOptions & { worker?: boolean | number }} LoadOptions worker: true runs the encoder in
 *   a worker, a number in as many, which share the lists that calls are given; their tokenize gives a promise */

/** @typedef {{ readonly text: string, readonly pair: string }} TextPair a text and a second one, such as a query and a document */

/**
 * A picture, row by row from the top, without padding. ImageData is such.
 * @typedef {object} Pixels
 * @property {Uint8Array | Uint8ClampedArray} data [height, width, channels] values from 0 to 255
 * @property {number} width
 * @property {number} height
 * @property {number} [channels] 1 (grey), 3 (RGB) or 4 (RGBA, of which alpha is left out); by default what fits the data
 */

/** A picture that a browser holds. @typedef {Global<'ImageBitmap' | 'HTMLCanvasElement' | 'OffscreenCanvas' | 'HTMLImageElement'>} Surface */
/**
 * Where a picture's file is, the file, its bytes, raw pixels, or one of the browser's pictures. {path} is an address, in Node also
 * a path; a string is one, too, if it begins with http:, https:, file:, blob: or data:image/, or ends as names of pictures do. No
 * other text is fetched or opened.
 * @typedef {string | Global<'URL'> | { readonly path: string | Global<'URL'> } | Global<'Blob'> | Bytes | Pixels | Surface} Picture
 */

/**
 * Nested arrays, as deep as a tensor's rank.
 * @template [E=number]
 * @typedef {E | readonly Nested<E>[]} Nested
 */

/**
 * Numbers as nested arrays, or as a Tensor: anything with `data` and `shape`. null is as good as nothing.
 * @typedef {Nested<number | boolean> | { readonly data: ArrayBufferView, readonly shape: readonly number[] } | null} Numbers
 */

/**
 * The inputs of a forward by Hugging Face's names. A model that was written for masks over pairs of tokens takes `mask` [T, T],
 * [B, T, T] or [B, H, T, T], the bare attention module `queries`, `keys`, `values` and `valid_lens`.
 * @typedef {object} Inputs
 * @property {Numbers} [input_ids] [B, T]
 * @property {Numbers} [attention_mask] [B, T] of 0 and 1
 * @property {Numbers} [token_type_ids] [B, T]
 * @property {Numbers} [task_type_ids] [B, T], of an ERNIE
 * @property {Numbers} [inputs_embeds] [B, T, D], instead of `input_ids`
 * @property {Numbers} [pixel_values] [B, C, H, W]
 * @property {Numbers} [input_values] samples [B, N], `attention_mask` of them, too; or spectra [B, frames, mel bins] (AST)
 * @property {Numbers} [input_features] [B, mel bins, frames] (Whisper)
 * @property {Numbers} [mask]
 * @property {Numbers} [queries]
 * @property {Numbers} [keys]
 * @property {Numbers} [values]
 * @property {Numbers} [valid_lens]
 */

/**
 * @typedef {object} ForwardOptions
 * @property {boolean} [hidden_states] return the rows before layer 0 and after every layer
 * @property {boolean} [attentions] return the attention maps of every layer
 * @property {boolean} [trace] return the inner values of one sequence of at most 64 tokens
 * @property {Signal} [signal] stops the call between two layers
 */

/**
 * What a forward gives, by Hugging Face's names: what the model has of these, and what its head has beside them.
 * @typedef {object} Outputs
 * @property {Tensor<'float32'>} last_hidden_state [B, T, D]
 * @property {Tensor<'float32'>} pooler_output [B, D], where the model has a pooler
 * @property {Tensor<'float32'>} logits [B, labels], or of each token [B, T, labels], where it has such a head
 * @property {Tensor<'float32'>[]} hidden_states layers + 1 of [B, T, D], never final-normed, if they were asked for
 * @property {Tensor<'float32'>[]} attentions one a layer, [B, H, T, T], if they were asked for
 * @property {Trace} trace the inner values, if they were asked for; of models of two towers each tower's output has its own
 * @property {Patches} patches where tokens stand in a picture, if pictures were given
 */
/** @typedef {Outputs & Readonly<Record<string, any>>} ForwardResult */

/** pooler: the model's own (pooler_output, text_embeds, image_embeds); none: every row of a picture. @typedef {'cls' | 'mean' | 'max' | 'mean_sqrt_len' | 'lasttoken' | 'weightedmean' | 'pooler' | 'none'} Pooling */
/** @typedef {'float32' | 'int8' | 'uint8' | 'binary' | 'ubinary'} Precision */
/** @typedef {'apply' | 'ignore'} Orientation */

/**
 * @template {Precision} [P=Precision]
 * @typedef {object} EmbedOptions
 * @property {Pooling | Pooling[]} [pooling] instead of what the model's files say; several are concatenated, none: [n, rows, dimensions]
 * @property {boolean} [normalize] scale vectors to unit length; by default as the model's files say
 * @property {number} [dimensions] keep the first so many values (Matryoshka models); with `normalize` scaled after that. By default as
 *   the model's files say (truncate_dim)
 * @property {string} [prompt] put before every text
 * @property {string} [promptName] instead of it, the name of one of the model's prompts
 * @property {P} [precision] float32 by default; int8: each vector scaled so that its largest value is 127, or by `ranges`; uint8:
 *   by `ranges`; binary, ubinary: a bit a value, set if positive, packed into int8 minus 128 or uint8 as sentence-transformers does
 * @property {Numbers} [ranges] [2, dimensions]: the least and the largest value of each dimension, such as of a sample of vectors,
 *   in 256 steps between which int8 and uint8 say where a value is
 * @property {'cut' | 'error' | 'chunk'} [onTruncate] what happens to texts longer than maxLength: cut (the default, reported in
 *   `truncated`), an InputError, or the mean over chunks weighted by their lengths
 * @property {Orientation} [orientation] whether pictures are turned as the EXIF of their files says; they are by default
 * @property {(state: { done: number, total: number }) => void} [progress] told how many texts are done
 * @property {Signal} [signal] stops the call, which throws an AbortError
 */

/**
 * Vectors, one a row.
 * @template {Precision} [P='float32']
 * @typedef {Tensor<P extends 'float32' ? 'float32' : P extends 'uint8' | 'ubinary' ? 'uint8' : 'int8'> & { readonly truncated: number[] }} Embeddings truncated: indices of
 *   the texts that were cut
 */

/** @typedef {{ label: string, score: number }} Class */

/**
 * @typedef {object} ClassifyOptions
 * @property {number} [topK] how many classes to return, the best first; all by default
 * @property {'sigmoid' | 'softmax' | 'none'} [functionToApply] what makes scores of logits. By default nothing if the config's
 *   problem_type is regression, a sigmoid if it is multi_label_classification or there is one label, else a softmax
 * @property {string | readonly string[]} [labels] classes of your own (zero-shot), for texts with models of natural language
 *   inference, for pictures with models that read both (CLIP, SigLIP); a single string may list several, with commas
 * @property {boolean} [multiLabel] of texts, whether each of these labels is judged alone; false by default
 * @property {string} [hypothesisTemplate] around a label: by default 'This example is {}.', of pictures 'This is a photo of {}.'
 * @property {'cut' | 'error'} [onTruncate] whether a text that is too long is an error; it is cut by default
 * @property {Orientation} [orientation] whether pictures are turned as the EXIF of their files says; they are by default
 * @property {Signal} [signal] stops the call, which throws an AbortError
 */

/**
 * @typedef {object} TokensOptions
 * @property {'none' | 'simple' | 'first' | 'average' | 'max'} [aggregationStrategy] none (the default): a label a token. simple:
 *   neighbours of one kind become a name. first, average, max: words come first, labelled by their first token, by the mean of
 *   their tokens, or by the surest one
 * @property {readonly string[]} [ignoreLabels] labels that are left out, ['O'] by default
 * @property {number} [stride] tokens that windows of a long text share; without it a long text is cut
 * @property {'cut' | 'error'} [onTruncate] whether a text that is too long is an error; it is cut by default
 * @property {Signal} [signal] stops the call, which throws an AbortError
 */

/**
 * A labelled token, or with aggregation a name. `start` and `end` are places in the text, in UTF-16 units: text.slice(start, end).
 * @typedef {{ entity: string, score: number, index: number, word: string, start: number, end: number }} LabelledToken
 */
/** @typedef {{ entity_group: string, score: number, word: string, start: number, end: number }} EntityGroup */
/** @typedef {LabelledToken | EntityGroup} Entity */

/**
 * @typedef {object} AnswerOptions
 * @property {number} [topK] how many answers to return, the best first; 1 by default
 * @property {number} [maxSeqLen] tokens of a window, the question included; 384 by default, or what the model reads if that is less
 * @property {number} [docStride] tokens that windows share; half of maxSeqLen by default, 128 at most
 * @property {number} [maxAnswerLen] tokens of an answer, 15 by default
 * @property {boolean} [handleImpossibleAnswer] the empty answer may be the best; false by default
 * @property {boolean} [alignToWords] answers begin and end with words; they do by default
 * @property {Signal} [signal] stops the call, which throws an AbortError
 */

/** `start` and `end` are places in the context, in UTF-16 units. @typedef {{ score: number, start: number, end: number, answer: string }} Answer */

/**
 * @typedef {object} FillOptions
 * @property {number} [topK] how many words to return for a mask, the likeliest first; 5 by default
 * @property {string | readonly string[]} [targets] the words to choose from; the whole vocabulary by default
 * @property {Signal} [signal] stops the call, which throws an AbortError
 */

/** `sequence` is the text with the word in it. @typedef {{ score: number, token: number, token_str: string, sequence: string }} Filling */

/**
 * @typedef {object} RankOptions
 * @property {number} [topK] how many documents to return, the best first; all by default
 * @property {boolean} [returnDocuments] their texts, too; false by default
 * @property {'sigmoid' | 'softmax' | 'none'} [activation] what makes a score of the logit; by default as the model's config says, a
 *   sigmoid where it says nothing
 * @property {'cut' | 'error'} [onTruncate] whether a pair that is too long is an error; it is cut by default
 * @property {Signal} [signal] stops the call, which throws an AbortError
 */

/** `corpus_id` is the place among the documents. @typedef {{ corpus_id: number, score: number, text?: string }} Ranked */

/**
 * @typedef {object} TokenizeOptions
 * @property {string | string[]} [pair] a second text for each
 * @property {number} [maxLength] tokens, special ones included; the model's limit by default
 * @property {'cut' | 'error'} [onTruncate] what happens to texts that are too long; they are cut by default
 */

/**
 * @typedef {object} TokenizedTexts int32 [n, T], padded to the longest
 * @property {Tensor<'int32'>} input_ids
 * @property {Tensor<'int32'>} attention_mask
 * @property {Tensor<'int32'>} token_type_ids
 * @property {number[]} truncated indices of the texts that were cut
 */

/**
 * What an element of a tensor is.
 * @template {Dtype} D
 * @typedef {D extends 'bool' ? boolean : D extends 'int64' ? bigint : number} ElementOf
 */

export {};
