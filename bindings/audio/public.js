/** The types of what callers pass of sounds, and get. Not here: code. */

/**
 * @import { Bytes, Global, Signal } from '../public.js'
 *
 * A recording: samples of one channel at the rate that the model reads, usually 16 kHz, or at another, which is resampled; an
 * AudioBuffer, or a WAV file, its bytes or where it is, whose channels are mixed. {path} is an address, in Node also a path; a string
 * is one, too, if it begins with http:, https:, file:, blob: or data:audio/, or ends in .wav. No other text is fetched or opened.
 * @typedef {Float32Array | { readonly samples: Float32Array, readonly samplingRate?: number } | Global<'AudioBuffer'> | string |
 *   Global<'URL'> | { readonly path: string | Global<'URL'> } | Global<'Blob'> | Bytes} Recording
 *
 * @typedef {object} TranscribeOptions
 * @property {Signal} [signal] stops the call, which throws an AbortError
 *
 * @typedef {{ text: string }} Transcript
 */

export {};
