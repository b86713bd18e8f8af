/* The building blocks of an encoder, one file each: linear, norm, attention, embedding, pool. Layers know packed weights
 * and rows of activations; they know nothing of models or of names in files.
 *
 * Letters: R rows of a block (the tokens of its sequences one after another, no padding), D width, H heads, W head
 * width, MR and NR the tile's rows and columns. */
#ifndef WF_LAYERS_H
#define WF_LAYERS_H

#include "../kernels/kernels.h"
#include "../wasmformer.h"

/* A linear layer's weight, packed at load: [ceil(outputs / NR)][1 + inputs][NR], the bias at the head of each panel. A
 * gated one has pairs of panels, NR rows of the gate and the NR rows of up that they multiply. */
typedef struct wf_linear {
  float
      *panels; /* of whole numbers bytes: [ceil(outputs / NR)][groups][NR][depth], see c/kernels/i8_gemm.h */
  uint32_t dtype; /* wf_dtype of the panels, which also says how the rows that it reads are packed */
  uint32_t inputs, outputs; /* outputs: with the rows that fill a gated layer's last pair */
  uint32_t gated;           /* F, or 0 */
  /* Of whole numbers, padded to whole panels: a weight's row, turned (see wf_i8_turn), is about scales[output] * q, and sums are
   * those of its q. */
  float *scales, *bias;
  int32_t *sums;
} wf_linear;

/* The form of a layer's whole numbers. */
static inline int wf_is_int8(const wf_linear *linear) { return linear->dtype >= WF_INT8_WORDS; }
static inline wf_i8_form wf_form_of(const wf_linear *linear) {
  return (wf_i8_form)(linear->dtype - WF_INT8_WORDS);
}

typedef struct wf_norm {
  float *weight, *bias; /* [D]; bias may be NULL, and is not read by RMS */
  uint32_t width;       /* D, or 0: there is no such norm */
  uint32_t form;        /* wf_norm_form: LAYER or RMS */
  float epsilon;
} wf_norm;

/* One sequence of a block: its rows are row .. row + length - 1; `slot` is where its heads start, in padded rows. */
typedef struct wf_sequence {
  uint32_t row, length, slot;
} wf_sequence;

typedef struct wf_score_step wf_score_step;

/* What a layer projects relative positions to, spread over distances query - key from -reach to reach, beyond which all
 * are alike: [H][W][columns], entry margin + reach + d for distance d, the ends repeated `margin` times so that the
 * lanes of a panel may reach over them. Either may be NULL. */
typedef struct wf_relative {
  float *keys, *queries;
  uint32_t reach;
} wf_relative;

enum { WF_RELATIVE_MARGIN = WF_TILE_MAX_COLUMNS - 1 };
static inline size_t wf_relative_columns(uint32_t reach) {
  return 2 * (size_t)reach + 1 + 2 * (size_t)WF_RELATIVE_MARGIN;
}

/* Queries, keys and values of a block of sequences, packed for the two products of attention. Per sequence, at its slot:
 * queries [H][ceil(T / NR)][1 + W][NR] as panels of B (first row zero), keys [KH][ceil(T / MR)][W][MR] and
 * values [KH][ceil(W / MR)][T][MR] as panels of A. Head h reads key head h / (H / KH). */
typedef struct wf_heads {
  float *queries, *keys, *values;
  uint32_t heads, key_heads, width; /* H, KH, W; KH divides H */
  uint32_t left, right;             /* query i sees keys i - left .. i + right; right = 0 is causal */
  const wf_score_step *steps;       /* [step_count], applied to the scores in this order */
  uint32_t step_count;
  const wf_sequence *sequences;    /* of queries */
  const wf_sequence *memory;       /* of keys and values; the same array in self-attention */
  const uint32_t *sequence_of_row; /* of the rows that a sink takes */
} wf_heads;

/* Panels of `step` that n rows or columns fill. */
static inline uint32_t wf_panels_of(uint32_t n, uint32_t step) { return (n + step - 1) / step; }

/* Where the queries of one head of one sequence begin, and the keys and values of a key head. */
static inline float *wf_head_queries(const wf_heads *heads, const wf_tile *tile, const wf_sequence *sequence,
                                     uint32_t head) {
  return heads->queries + ((size_t)sequence->slot * heads->heads +
                           (size_t)head * wf_panels_of(sequence->length, tile->columns) * tile->columns) *
                              (1 + heads->width);
}
static inline float *wf_head_keys(const wf_heads *heads, const wf_tile *tile, const wf_sequence *memory,
                                  uint32_t key_head) {
  return heads->keys + ((size_t)memory->slot * heads->key_heads +
                        (size_t)key_head * wf_panels_of(memory->length, tile->rows) * tile->rows) *
                           heads->width;
}
static inline float *wf_head_values(const wf_heads *heads, const wf_tile *tile, const wf_sequence *memory,
                                    uint32_t key_head) {
  return heads->values + ((size_t)memory->slot * heads->key_heads + (size_t)key_head * memory->length) *
                             wf_panels_of(heads->width, tile->rows) * tile->rows;
}

/* No row: a window's padding, which reads as zeros and is never written. */
#define WF_NO_ROW UINT32_MAX

/* Scratch of one forward, planned with the model; threads have one each.
 *
 *   stripe   one block of a product's result, row-major, before the sink takes it
 *   scores   [1 + keys][NR], one query panel against the keys that attention holds at once; first row zero
 *   context  [2][ceil(W / MR) * MR][NR], that panel's result, and one block's part of it; a panel of keys to be turned
 *   lines    [MR][widest], rows on their way into a panel
 *   panel    [1 + D][NR], one panel of B made on the fly (tied heads) */
typedef struct wf_workspace {
  const wf_tile *tile;
  float *stripe, *scores, *context, *lines, *panel;
} wf_workspace;

/* Attention holds the scores of a query panel whole where a sequence has at most WF_ROW_KEYS keys, or each query's reach
 * is that short. Otherwise it holds a block of WF_BLOCK_KEYS keys at a time: a multiple of every tile's rows, so that
 * blocks are whole panels of keys and the same keys in every tile. */
enum { WF_ROW_KEYS = 512, WF_BLOCK_KEYS = 120 };
#define WF_SCORE_FLOATS ((uint64_t)(1 + WF_ROW_KEYS + WF_TILE_MAX_ROWS) * WF_TILE_MAX_COLUMNS)

/* A product runs in blocks of columns whose weights stay in the second-level cache while all rows pass: weights come
 * from memory once, in long runs. A stripe is WF_STRIPE_ROWS panels of rows against one block, of at most WF_STRIPE_PANELS
 * panels: each panel of weights comes from beyond the first-level cache half as often as it is multiplied. */
enum { WF_STRIPE_ROWS = 2, WF_STRIPE_PANELS = 32, WF_BLOCK_FLOATS = 40000 };
/* Rows of a unit, at most. */
enum { WF_UNIT_ROWS = 120 };
#define WF_STRIPE_FLOATS \
  ((uint64_t)WF_STRIPE_ROWS * WF_TILE_MAX_ROWS * WF_STRIPE_PANELS * WF_TILE_MAX_COLUMNS)

/* A finished stripe, of one panel of rows: rows row .. row + rows - 1 and columns column .. column + columns - 1 of a product, whose
 * activation is applied. Whoever takes it may write on it. */
typedef struct wf_stripe {
  float *values; /* [rows][stride] */
  uint32_t stride, row, rows, column, columns;
  uint32_t panel; /* columns of a panel of weights */
} wf_stripe;

/* A sink takes stripes to where the next layer reads them. */
typedef struct wf_sink wf_sink;
struct wf_sink {
  void (*take)(const wf_sink *sink, const wf_stripe *stripe);
  const wf_tile *tile;
  float *out;
  uint32_t width; /* of out: columns of a row, or length of a panel */
  wf_activation activation;
  wf_activation gate; /* of a gated product: what is applied to the gate alone */
  const wf_heads *heads;
  const uint32_t *map; /* unless NULL, row r of the product is row map[r] of out */
  const float *scale;  /* [width] or NULL: what multiplies the product before it is added */
  uint32_t parts;      /* of a product for heads, the parts to take: 1 queries, 2 keys, 4 values */
  float query_scale;   /* of them, what multiplies queries */
};

/* out: rows [R][width]; activation(product) is stored, or the product added to what is there (a residual). */
wf_sink wf_sink_rows(float *out, uint32_t width, wf_activation activation);
wf_sink wf_sink_add(float *out, uint32_t width);
/* out: panels of A [ceil(R / MR)][width][MR] holding activation(product), ready for the next product. */
wf_sink wf_sink_panels(const wf_workspace *work, float *out, uint32_t width, wf_activation activation);
/* The same of a gated layer's product: activation(gate) * up, half as many columns. */
wf_sink wf_sink_gated(const wf_workspace *work, float *out, uint32_t width, wf_activation activation);
/* The product's columns are [queries; keys; values], H * W, KH * W and KH * W; they go to `heads`, queries times a scale. */
wf_sink wf_sink_heads(const wf_workspace *work, const wf_heads *heads, float query_scale);

/* wf_linear_forward multiplies R packed rows a [ceil(R / MR)][inputs][MR] by a linear layer into a sink, of units first ..
 * end - 1: a run of rows and a block of columns each, one block after the other. wf_linear_units returns how many there are. */
uint32_t wf_linear_units(const wf_linear *linear, const wf_tile *tile, uint32_t rows);
static inline uint64_t wf_linear_cost(uint32_t rows) {
  return (uint64_t)(rows < WF_UNIT_ROWS ? rows : WF_UNIT_ROWS) * WF_BLOCK_FLOATS;
}
void wf_linear_forward(const wf_workspace *work, const wf_sink *sink, const float *a, const wf_linear *linear,
                       uint32_t rows, uint32_t first, uint32_t end);

/* wf_linear_quantise_rows turns panels first .. end - 1 of packed rows into the whole numbers that such a layer reads, in their place. */
void wf_linear_quantise_rows(const wf_linear *linear, const wf_tile *tile, float *panels, uint32_t first,
                             uint32_t end);
/* wf_linear_put_row packs a row of such a layer's weight, which is overwritten. */
void wf_linear_put_row(const wf_linear *linear, const wf_tile *tile, uint32_t output, float *row);

/* wf_linear_make returns a layer of these sizes without panels, of 2 F outputs if gated. wf_linear_row returns where row
 * `row` of the weight [outputs][inputs], or [gate F; up F][inputs], stands in the packed one, and in *run how many rows
 * from there on stand together. */
wf_linear wf_linear_make(const wf_tile *tile, uint32_t inputs, uint32_t outputs, uint32_t gated,
                         uint32_t dtype);
uint32_t wf_linear_row(uint32_t *run, const wf_linear *linear, const wf_tile *tile, uint32_t row);
/* wf_linear_put packs row `output`, columns first .. first + n - 1.
 * wf_linear_put_bias places the bias of one output. */
void wf_linear_put(const wf_linear *linear, const wf_tile *tile, uint32_t output, uint32_t first,
                   const float *values, uint32_t n);
/* wf_linear_put_panel packs NR whole rows at once, [NR][inputs] from row `output` on, which begins a panel. */
void wf_linear_put_panel(const wf_linear *linear, const wf_tile *tile, uint32_t output, const float *values);
void wf_linear_put_bias(const wf_linear *linear, const wf_tile *tile, uint32_t output, float value);
/* wf_linear_put_numbers places a row that is rounded already, with its scale. */
void wf_linear_put_numbers(const wf_linear *linear, const wf_tile *tile, uint32_t output, const int8_t *row,
                           float scale);
/* wf_linear_get_row writes a row of such a layer's weight as its whole numbers have it. */
void wf_linear_get_row(float *row, const wf_linear *linear, const wf_tile *tile, uint32_t output);
uint64_t wf_linear_floats(const wf_linear *linear, const wf_tile *tile);
/* Columns of a panel of weights; outputs with those that fill the last one. */
static inline uint32_t wf_linear_columns(const wf_linear *linear, const wf_tile *tile) {
  return wf_is_int8(linear) ? wf_i8_columns(tile->rows) : tile->columns;
}
static inline uint32_t wf_linear_padded(const wf_linear *linear, const wf_tile *tile) {
  uint32_t columns = wf_linear_columns(linear, tile);
  return (linear->outputs + columns - 1) / columns * columns;
}

/* wf_norm_row normalises one row x [D] into y, which may be x. */
void wf_norm_row(float *y, const float *x, const wf_norm *norm);
/* wf_norm_rows normalises rows first .. end - 1 of x [..][D] in place, or with a map rows map[first] .. */
void wf_norm_rows(float *x, const wf_norm *norm, const uint32_t *map, uint32_t first, uint32_t end);
/* wf_pack packs panels first .. end - 1 of R rows of x [..][inputs] as `reader`, the linear layer that multiplies them,
 * reads them, normalised on the way if there is such a norm. Row r is x's row r, or with a map its row map[r]. */
void wf_pack(const wf_workspace *work, float *panels, const float *x, const wf_norm *norm,
             const uint32_t *map, const wf_linear *reader, uint32_t rows, uint32_t first, uint32_t end);
/* wf_row_panels returns the panels of A that R rows take. */
uint32_t wf_row_panels(const wf_tile *tile, uint32_t rows);

/* Images as a patch embedding reads them: [images][channels][height][width], in patches row by row. */
typedef struct wf_patches {
  const float *pixels;
  uint32_t channels, height, width; /* pixels beyond the image are zeros */
  uint32_t patch_height,
      patch_width; /* a patch is [channels][patch_height][patch_width], as a convolution's weight */
  uint32_t stride_height, stride_width; /* from one patch to the next */
  uint32_t rows, columns;               /* patches down and across */
} wf_patches;

/* wf_pack_patches packs patches first .. first + count - 1, over all images, into panels of A. */
void wf_pack_patches(const wf_workspace *work, float *panels, const wf_patches *patches, uint32_t first,
                     uint32_t count);

/* The scores of one query panel against a run of keys: what a score step sees and changes. */
typedef struct wf_scores {
  float *values; /* [count][NR]: row j is key first_key + j, lane i query first_query + i */
  const wf_workspace *work;
  const wf_heads *heads;
  uint32_t sequence, head;
  uint32_t first_query, first_key, count; /* lanes beyond the sequence's last query hold anything */
} wf_scores;

/* A score step changes scores in place, before softmax. It reads what it is given and the packed heads, and nothing
 * that it writes outlives the call: a run of keys may come again. */
struct wf_score_step {
  void (*apply)(const wf_score_step *step, const wf_scores *scores);
  const float *values, *gates;
  const uint32_t *counts;
  const struct wf_mask *mask;
  const wf_relative *relative;
  uint32_t reach, first, rows;
  float masked;
};

/* Which pairs of queries and keys count: the byte at sequence * of_sequence + head * of_head + query * of_query + key *
 * of_key is 0 for those that do not, whose scores become `fill`. A stride of 0 shares a byte along its axis. */
typedef struct wf_mask {
  const uint8_t *values;
  uint32_t of_sequence, of_head, of_query, of_key;
  float fill;
} wf_mask;

/* What Swin adds to scores across regions, and what D2L's masked softmax puts in place of scores beyond a valid length. */
#define WF_MASKED  -100.0f
#define WF_INVALID -1e6f

/* Adds bias [H][ceil(Tq / NR)][Tk][NR], the same for all sequences, which have one length. */
wf_score_step wf_step_bias(const float *bias);
/* Adds table [H][2 * reach + 1]: entry reach + d where query - key is d, the distance clamped to -reach .. reach. A query's
 * neighbours in the lanes are neighbours in the table. */
wf_score_step wf_step_distance(const float *table, uint32_t reach);
/* The same times a gate of each query in each head: gates [R][H]. */
wf_score_step wf_step_gated_distance(const float *table, uint32_t reach, const float *gates);
/* Adds table [H][(2 rows - 1) (2 columns - 1) + 3] by the offset of query and key on a map of rows x columns that stands
 * behind a class token; the last three: from that token, to it, from it to itself. */
wf_score_step wf_step_dense(const float *table, uint32_t rows, uint32_t columns);
/* Adds q . keys[d] + k . queries[d], d = query - key, the queries with their scale. For self-attention with H key heads. */
wf_score_step wf_step_relative(const wf_relative *relative);
/* Adds `masked` to pairs of different regions: regions [R] and NR - 1 more to read. For self-attention. */
wf_score_step wf_step_regions(const float *regions, float masked);
/* Scores of keys from lengths[sequence] on become WF_INVALID. */
wf_score_step wf_step_valid(const uint32_t *lengths);
/* The same of each query: lengths [Tq], for a block of one sequence. */
wf_score_step wf_step_valid_of_queries(const uint32_t *lengths);
/* Scores become the mask's fill where it says so. The block's first sequence is number `first` of the mask's. */
wf_score_step wf_step_mask(const wf_mask *mask, uint32_t first);

/* A unit of attention is one head of one sequence, in turn, or of a long one a run of its queries: WF_UNIT_PAIRS pairs, in
 * whole panels of every tile, so that none takes long. Units share nothing that is written. wf_attention_units counts them.
 * wf_attention computes softmax(q k^T) v (q already scaled) for units first .. end - 1, into panels of A
 * [ceil(R / MR)][H * W][MR]. maps, unless NULL, has the probabilities of all units, [H][Tq][Tk] of each sequence in turn.
 * If a reach is limited, every query has a key at its own place. */
enum { WF_UNIT_PAIRS = 1 << 18, WF_WHOLE_PANELS = 48 };
uint32_t wf_attention_units(const wf_heads *heads, uint32_t sequences);
void wf_attention(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t first,
                  uint32_t end, float *maps);

/* wf_pool pools the rows x [length][width] of a sequence into one, passing over the first `skip`; token: of
 * WF_POOL_TOKEN, counted from 0. Weights by position count what is passed over. */
void wf_pool(float *out, const float *x, uint32_t length, uint32_t width, wf_pooling pooling, uint32_t token,
             uint32_t skip);

/* The rows that a sequence of `length` takes in the slots of wf_heads. */
uint32_t wf_padded_length(const wf_tile *tile, uint32_t length);

/* What is done to packed queries and keys before attention: first a norm over each head's width, then rotation.
 * Token t of a sequence turns by row t of the angles; one that must stay has cosine 1 and sine 0. */
typedef struct wf_turn {
  wf_column_norm norm;
  wf_norm query_norm, key_norm; /* weight, bias [W] or NULL */
  float query_scale;            /* of normed queries; others have theirs from the sink, and this is 1 */
  const float *head_scales;     /* [H] of normed queries besides, or NULL */
  const float *cosines, *sines; /* [rotary / 2][positions], and WF_TILE_MAX_COLUMNS - 1 more to read */
  uint32_t positions;           /* at least the longest sequence's tokens */
  uint32_t rotary;              /* channels that turn, the first of a head; 0 for none */
  uint32_t interleaved;         /* pairs are (2k, 2k + 1), else (k, k + rotary / 2) */
} wf_turn;

/* wf_turn_heads turns the queries of units first .. end - 1 in place, and the keys of each key head with its first head. */
void wf_turn_heads(const wf_workspace *work, const wf_heads *heads, const wf_turn *turn, uint32_t first,
                   uint32_t end);

#endif
