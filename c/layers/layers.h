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
  float *panels;
  uint32_t dtype; /* wf_dtype of the panels, which also says how the rows that it reads are packed; WF_F32 */
  uint32_t inputs, outputs; /* outputs: with the rows that fill a gated layer's last pair */
  uint32_t gated;           /* F, or 0 */
} wf_linear;

typedef struct wf_norm {
  float *weight, *bias; /* [D]; bias may be NULL */
  uint32_t width;       /* D, or 0: there is no such norm */
  float epsilon;
} wf_norm;

/* One sequence of a block: its rows are row .. row + length - 1; `slot` is where its heads start, in padded rows. */
typedef struct wf_sequence {
  uint32_t row, length, slot;
} wf_sequence;

/* Queries, keys and values of a block of sequences, packed for the two products of attention. Per sequence, at its slot:
 * queries [H][ceil(T / NR)][1 + W][NR] as panels of B (first row zero), keys [H][ceil(T / MR)][W][MR] and
 * values [H][ceil(W / MR)][T][MR] as panels of A. */
typedef struct wf_heads {
  float *queries, *keys, *values;
  uint32_t heads, width;           /* H, W */
  const wf_sequence *sequences;    /* of queries */
  const wf_sequence *memory;       /* of keys and values; the same array in self-attention */
  const uint32_t *sequence_of_row; /* of the rows that a sink takes */
  const float *bias;               /* [H][ceil(T / NR)][T][NR] added to scores, or NULL */
  const float
      *regions; /* [R] and NR - 1 more to read, or NULL: pairs of different regions get WF_MASKED added */
  const uint32_t *valid; /* [sequences], or NULL: scores of keys from there on become WF_INVALID */
} wf_heads;

/* What Swin adds to scores across regions, and what D2L's masked softmax puts in place of scores beyond a valid length. */
#define WF_MASKED  -100.0f
#define WF_INVALID -1e6f

/* No row: a window's padding, which reads as zeros and is never written. */
#define WF_NO_ROW UINT32_MAX

/* Scratch of one forward, planned with the model.
 *
 *   stripe   one block of a product's result, row-major, before the sink takes it
 *   scores   [1 + keys][NR], one query panel against all keys of its sequence; first row zero
 *   context  [ceil(W / MR) * MR][NR], that panel's result
 *   lines    [MR][widest], rows on their way into a panel
 *   panel    [1 + D][NR], one panel of B made on the fly (tied heads) */
typedef struct wf_workspace {
  const wf_tile *tile;
  float *stripe, *scores, *context, *lines, *panel;
} wf_workspace;

/* A product runs in blocks of columns whose weights stay in the second-level cache while all rows pass: weights come
 * from memory once, in long runs. A stripe is one panel of rows against one block, at most WF_STRIPE_PANELS panels. */
enum { WF_STRIPE_PANELS = 32, WF_BLOCK_FLOATS = 100000 };
#define WF_STRIPE_FLOATS ((uint64_t)WF_TILE_MAX_ROWS * WF_STRIPE_PANELS * WF_TILE_MAX_COLUMNS)

/* A sink takes the finished stripes of a product, its activation applied: rows row .. row + rows - 1, columns
 * column .. column + columns - 1. */
typedef struct wf_sink wf_sink;
struct wf_sink {
  void (*take)(const wf_sink *sink, const float *stripe, uint32_t stride, uint32_t row, uint32_t rows,
               uint32_t column, uint32_t columns);
  const wf_tile *tile;
  float *out;
  uint32_t width; /* of out: columns of a row, or length of a panel */
  wf_activation activation;
  wf_activation gate; /* of a gated product: what is applied to the gate alone */
  const wf_heads *heads;
  const uint32_t *map; /* unless NULL, row r of the product is row map[r] of out */
  uint32_t parts;      /* of a product for heads, the parts to take: 1 queries, 2 keys, 4 values */
};

/* out: rows [R][width]; activation(product) is stored, or the product added to what is there (a residual). */
wf_sink wf_sink_rows(float *out, uint32_t width, wf_activation activation);
wf_sink wf_sink_add(float *out, uint32_t width);
/* out: panels of A [ceil(R / MR)][width][MR] holding activation(product), ready for the next product. */
wf_sink wf_sink_panels(const wf_workspace *work, float *out, uint32_t width, wf_activation activation);
/* The same of a gated layer's product: activation(gate) * up, half as many columns. */
wf_sink wf_sink_gated(const wf_workspace *work, float *out, uint32_t width, wf_activation activation);
/* The product's columns are [queries; keys; values], H * W each; they go to `heads`. */
wf_sink wf_sink_heads(const wf_workspace *work, const wf_heads *heads);

/* wf_linear_forward multiplies R packed rows a [ceil(R / MR)][inputs][MR] by blocks first .. end - 1 of a linear layer's
 * columns into a sink. wf_linear_blocks returns how many there are. */
uint32_t wf_linear_blocks(const wf_linear *linear, const wf_tile *tile);
void wf_linear_forward(const wf_workspace *work, const wf_sink *sink, const float *a, const wf_linear *linear,
                       uint32_t rows, uint32_t first, uint32_t end);

/* wf_linear_make returns a layer of these sizes without panels, of 2 F outputs if gated. wf_linear_row returns where row
 * `row` of the weight [outputs][inputs], or [gate F; up F][inputs], stands in the packed one, and in *run how many rows
 * from there on stand together. */
wf_linear wf_linear_make(const wf_tile *tile, uint32_t inputs, uint32_t outputs, uint32_t gated);
uint32_t wf_linear_row(uint32_t *run, const wf_linear *linear, const wf_tile *tile, uint32_t row);
/* wf_linear_put packs row `output`, columns first .. first + n - 1, times scale.
 * wf_linear_put_bias places the bias of one output. */
void wf_linear_put(const wf_linear *linear, const wf_tile *tile, uint32_t output, uint32_t first,
                   const float *values, uint32_t n, float scale);
/* wf_linear_put_panel packs NR whole rows at once, [NR][inputs] from row `output` on, which begins a panel. */
void wf_linear_put_panel(const wf_linear *linear, const wf_tile *tile, uint32_t output, const float *values,
                         float scale);
void wf_linear_put_bias(const wf_linear *linear, const wf_tile *tile, uint32_t output, float value);
uint64_t wf_linear_floats(const wf_linear *linear, const wf_tile *tile);

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
      patch_width;        /* a patch is [channels][patch_height][patch_width], as a convolution's weight */
  uint32_t rows, columns; /* patches down and across */
} wf_patches;

/* wf_pack_patches packs patches first .. first + count - 1, over all images, into panels of A. */
void wf_pack_patches(const wf_workspace *work, float *panels, const wf_patches *patches, uint32_t first,
                     uint32_t count);

/* wf_attention computes softmax(q k^T) v (q already scaled) for units first .. end - 1 of a block's sequences, a unit being
 * one head of one sequence, into panels of A [ceil(R / MR)][H * W][MR]. maps, unless NULL, receives the probabilities,
 * [H][T][T] of each sequence in turn, from the block's first on. */
void wf_attention(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t first,
                  uint32_t end, float *maps);
/* wf_pool pools the rows x [length][width] of a sequence into one; token: of WF_POOL_TOKEN. */
void wf_pool(float *out, const float *x, uint32_t length, uint32_t width, wf_pooling pooling, uint32_t token);

/* The rows that a sequence of `length` takes in the slots of wf_heads. */
uint32_t wf_padded_length(const wf_tile *tile, uint32_t length);

#endif
