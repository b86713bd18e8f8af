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
} wf_layer;

typedef struct wf_head {
  wf_linear linear; /* panels are NULL if tied */
  float *tied_bias; /* [vocabulary], NULL unless tied */
  wf_norm norm;
} wf_head;

typedef struct wf_weights {
  float *tokens, *positions, *types; /* [rows, D] */
  wf_norm embedding_norm, final_norm;
  wf_layer *layers;
  wf_head heads[WF_MAX_HEADS];
} wf_weights;

/* Scratch of one block.
 *
 *   x        [R][D]                      the residual stream, row-major
 *   packed   [ceil(R / MR)][D][MR]       the rows that a product reads
 *   hidden   [ceil(R / MR)][F][MR]       the feed-forward network's inside
 *   heads    queries, keys, values       see wf_heads
 *   work     stripe, scores, context, lines
 */
typedef struct wf_scratch {
  float *x, *packed, *hidden;
  wf_sequence *sequences;
  uint32_t *sequence_of_row;
  wf_heads heads;
  wf_workspace work;
  uint32_t rows, count; /* of the block in work; 0 rows when none is begun */
} wf_scratch;

struct wf_encoder {
  uint32_t magic; /* tells an encoder from other memory */
  wf_encoder_description description;
  wf_weights weights;
  wf_scratch scratch;
};

enum { WF_ENCODER_MAGIC = 0x57464d52 };

#define WF_TRY(expression)                            \
  do {                                                \
    uint32_t wf_try_status = (expression);            \
    if (wf_try_status != WF_OK) return wf_try_status; \
  } while (0)

#endif
