/** The types of what is seen of a model beside its results: its trace, its weights, where patches are. Not here: code. */

/** @import { Tensor } from '../tensor.js' */

/**
 * The tokens of a picture: `prefix` tokens, then its patches row by row.
 * @typedef {object} Patches
 * @property {number} rows of patches, as they leave the last layer
 * @property {number} columns
 * @property {number} prefix tokens before them, such as a class token and registers
 * @property {boolean} classToken whether the first of the prefix is a class token
 * @property {boolean} windows whether layers attend within windows, as Swin's
 */

/**
 * What enters layer 0, part by part; what a model does not have is missing.
 * @typedef {object} EmbeddingsTrace
 * @property {Tensor<'float32'>} [word] [T, E] of the tokens' table
 * @property {Tensor<'float32'>} [type] [T, E]
 * @property {Tensor<'float32'>} [patch] [patches, D], of pictures
 * @property {Tensor<'float32'>} [prefix] [prefix, D]: class token and registers, of pictures
 * @property {Tensor<'float32'>} [position] [T, E] what is added for the place; zeros for prefix tokens without one
 * @property {Tensor<'float32'>} sum [T, E]
 * @property {Tensor<'float32'>} [projected] [T, D], where tables have another width than layers
 * @property {Tensor<'float32'>} [norm] [T, E], or behind a projection's norm [T, D]
 * @property {Tensor<'float32'>} output [T, D] what enters layer 0, hidden_states[0]
 */

/**
 * What a layer does, in this order: y = f(before(x)), y = inside(y), x += scale y, x = after(x), first of attention, then of the
 * feed-forward network. A norm or a step that a model does not have is missing.
 * @typedef {object} LayerTrace
 * @property {Tensor<'float32'>} [before_attention] [T, D] norm (pre-norm models)
 * @property {Tensor<'float32'>} query [H, T, d], as all queries here without the scale of scores
 * @property {Tensor<'float32'>} key [H, T, d], of grouped queries fewer heads
 * @property {Tensor<'float32'>} value [H, T, d]
 * @property {Tensor<'float32'>} [query_normed] [H, T, d]
 * @property {Tensor<'float32'>} [key_normed] [H, T, d]
 * @property {Tensor<'float32'>} [query_rotated] [H, T, d], where positions are rotations
 * @property {Tensor<'float32'>} [key_rotated] [H, T, d]
 * @property {Tensor<'float32'>} scores [H, T, T] q k, scaled, of all pairs: before bias, reach and mask
 * @property {Tensor<'float32'>} [bias] [H, T, T] what is added to them
 * @property {Tensor<'float32'>} attention [H, T, T] the probabilities
 * @property {Tensor<'float32'>} context [T, H d] values by their share, heads side by side
 * @property {Tensor<'float32'>} attention_output [T, D] that through attention's last product
 * @property {Tensor<'float32'>} [inside_attention] [T, D] norm of it
 * @property {Tensor<'float32'>} attention_sum [T, D] rows with what attention adds
 * @property {Tensor<'float32'>} [attention_norm] [T, D] norm of them (post-norm models)
 * @property {Tensor<'float32'>} [before_feed_forward] [T, D] norm (pre-norm models)
 * @property {Tensor<'float32'>} intermediate [T, F] before the activation
 * @property {Tensor<'float32'>} [up] [T, F] what a gated network multiplies the activation's result by
 * @property {Tensor<'float32'>} activated [T, F] what the last product reads
 * @property {Tensor<'float32'>} feed_forward [T, D]
 * @property {Tensor<'float32'>} [inside_feed_forward] [T, D] norm of it
 * @property {Tensor<'float32'>} feed_forward_sum [T, D] rows with what the network adds
 * @property {Tensor<'float32'>} [feed_forward_norm] [T, D] norm of them (post-norm models)
 * @property {Tensor<'float32'>} output [T, D] what leaves the layer, hidden_states[i + 1]
 */
/** @typedef {{ embeddings: EmbeddingsTrace, layers: LayerTrace[] }} Trace what `forward` gives with {trace: true}: one sequence of T tokens, D wide, of H
 *   heads of width d, F inside the feed-forward network; E is the width of the tables */

/**
 * A weight by the name that the model's file has for it.
 * @typedef {object} WeightInfo
 * @property {string} name
 * @property {number[]} shape
 * @property {'float32' | 'float16' | 'bfloat16' | 'int8' | 'float64'} dtype in the file
 */

export {};
