/* The inside of an encoder: blueprint, packed weights (read-only after load) and scratch, three structs side by side in
 * one planned block. Seen by the files of this folder only. */
#ifndef WF_ENCODER_H
#define WF_ENCODER_H

#include "../layers/layers.h"
#include "../runtime/arena.h"
#include "../wasmformer.h"

typedef struct wf_layer {
  wf_linear qkv, out, up, down;
  wf_norm norm1, norm2;
  float *window_table; /* [(2 window - 1)^2, H], NULL in a plain stack */
  uint32_t heads, width;
  uint32_t place; /* in its stage: odd layers shift their windows */
  uint32_t ends;  /* 1 + its stage if it is that stage's last layer, else 0 */
} wf_layer;

/* What stands between two stages: 2x2 patches become one of twice the width. */
typedef struct wf_merge {
  wf_norm norm;
  wf_linear reduction;
} wf_merge;

typedef struct wf_head {
  wf_linear linear; /* panels are NULL if tied */
  float *tied_bias; /* [vocabulary], NULL unless tied */
  wf_norm norm;
} wf_head;

typedef struct wf_weights {
  float *tokens, *positions, *types; /* [rows, D] */
  float *prefix;                     /* [prefix, D] */
  wf_linear patches;
  wf_norm embedding_norm, final_norm;
  wf_layer *layers;
  wf_merge merges[WF_MAX_STAGES];
  wf_head heads[WF_MAX_HEADS];
} wf_weights;

/* Scratch of one block.
 *
 *   x, next  [R][D]                      the residual stream, row-major; where patch merging puts it
 *   packed   [ceil(R / MR)][D][MR]       the rows that a product reads
 *   hidden   [ceil(R / MR)][F][MR]       the feed-forward network's inside
 *   heads    queries, keys, values       see wf_heads
 *   map      [G]                         rows of x that a group's rows are, for windows
 *   regions  [G]                         their regions on the shifted map
 *   window_bias, bias                    a layer's bias [H][N][N], and in the form that wf_heads takes
 *   work     stripe, scores, context, lines
 */
typedef struct wf_scratch {
  float *x, *next, *packed, *hidden;
  wf_sequence *sequences, *memory;
  uint32_t *sequence_of_row, *map;
  float *regions, *window_bias, *bias;
  wf_heads heads;
  wf_score_step steps[2];
  wf_workspace work;
  uint32_t rows, count;           /* of the block in work; 0 rows when none is begun */
  uint32_t images, height, width; /* of the map that a windowed layer reads */
  uint32_t done;                  /* layers that have run over the block */
} wf_scratch;

struct wf_encoder {
  uint32_t magic; /* tells an encoder from other memory */
  wf_encoder_description description;
  wf_weights weights;
  wf_scratch scratch;
};

/* Sizes of a stage; a plain stack is its own only stage. */
static inline uint32_t wf_stage_width(const wf_encoder_description *d, uint32_t stage) {
  return d->width << stage;
}
static inline uint32_t wf_stage_heads(const wf_encoder_description *d, uint32_t stage) {
  return d->stages ? d->stage_heads[stage] : d->heads;
}
static inline uint32_t wf_last_stage(const wf_encoder_description *d) {
  return d->stages ? d->stages - 1 : 0;
}

/* Rows that products and attention see at a time. */
static inline uint32_t wf_group_rows(const wf_encoder_description *d) {
  return d->stages ? d->group_rows : d->max_rows;
}

/* Self-attention over the scratch's sequences, added to x: `rows` rows, those of x from `first` on, or by the map. */
void wf_attend(wf_scratch *s, const wf_layer *layer, const wf_norm *norm, const uint32_t *map, uint32_t rows,
               uint32_t sequences, float *maps);
/* One layer over windows, then patch merging if its stage ends. */
void wf_windowed_layer(wf_encoder *encoder, const wf_layer *layer, float *maps);
void wf_feed_forward(wf_scratch *s, const wf_layer *layer, const wf_norm *norm, uint32_t first, uint32_t rows,
                     wf_activation activation);

enum { WF_ENCODER_MAGIC = 0x57464d52 };

#define WF_TRY(expression)                            \
  do {                                                \
    uint32_t wf_try_status = (expression);            \
    if (wf_try_status != WF_OK) return wf_try_status; \
  } while (0)

#endif
