/* The inside of an encoder: blueprint and packed weights in one block, read-only after load, and scratch in another. Seen
 * by the files of this folder only. */
#ifndef WF_ENCODER_H
#define WF_ENCODER_H

#include "../layers/layers.h"
#include "../runtime/arena.h"
#include "../runtime/team.h"
#include "../wasmformer.h"

/* Rows of a table, or one vector; no values where the model has none. */
typedef struct wf_table {
  float *values;
  uint32_t rows, columns;
} wf_table;

/* The norms of a layer, in the order of the bits of wf_norm_places. */
enum { BEFORE_ATTENTION, INSIDE_ATTENTION, AFTER_ATTENTION, BEFORE_FF, INSIDE_FF, AFTER_FF, WF_LAYER_NORMS };

typedef struct wf_layer_weights {
  wf_linear qkv, out, up, down;
  wf_norm norms[WF_LAYER_NORMS];
  wf_norm query_norm, key_norm;                    /* [W] */
  wf_table attention_scale, feed_forward_scale;    /* [1, D] */
  wf_table window_table;                           /* [(2 window - 1)^2, H], or derived from the next three */
  wf_table offset_hidden, offset_bias, offset_out; /* [inner, 2], [1, inner], [H, inner] */
  wf_table logit_scale;                            /* [1, H] */
  float *head_scales;                              /* derived from it */
  float *window_bias;                     /* derived from it: [H][ceil(N / NR)][N][NR], N = window^2 */
  wf_table distance_table;                /* [buckets, H] */
  wf_table gate, gate_bias, gate_scale;   /* [8, W], [1, 8], [1, H] */
  float *distance_bias;                   /* derived from it, see wf_step_distance */
  wf_table dense_table;                   /* [(2 rows - 1) (2 columns - 1) + 3, H] */
  wf_linear position_key, position_query; /* of relative positions, if they are not the layer's own */
  wf_relative relative;                   /* derived: what they are projected to */
} wf_layer_weights;

/* What stands between two kinds of layer: 2 x 2 patches become one of twice the width. */
typedef struct wf_merge {
  wf_norm norm;
  wf_linear reduction;
} wf_merge;

/* What scores may receive: a bias, and the regions of shifted windows or a mask. */
enum { WF_MAX_STEPS = 2 };

/* A table of angles: [pairs][positions], and WF_TILE_MAX_COLUMNS - 1 more to read. */
typedef struct wf_angles {
  float *cosines, *sines;
  uint32_t positions;
} wf_angles;

typedef struct wf_layer {
  const wf_kind_description *kind;
  wf_layer_weights *weights; /* its own, or an earlier layer's */
  wf_merge *merge;           /* behind it, or NULL */
  wf_turn turn;              /* of queries and keys, if `turns` */
  uint32_t turns;
  wf_score_step steps[WF_MAX_STEPS];
  uint32_t step_count; /* those that do not depend on the map */
} wf_layer;

typedef struct wf_head {
  wf_linear linear;   /* no outputs if tied */
  wf_table tied_bias; /* [1, vocabulary], if tied */
  wf_norm norm;
} wf_head;

/* A convolution over time. */
typedef struct wf_frame {
  wf_linear linear;
  wf_norm norm;
} wf_frame;

typedef struct wf_weights {
  wf_table tokens, positions, types; /* [rows, E] */
  wf_linear words;                   /* the tokens' table in whole numbers, in its place: a row an output */
  wf_table prefix;                   /* [prefix, D] */
  wf_table relative;                 /* [relative_rows, D] */
  wf_table probe;                    /* [1, D], of attention pooling */
  wf_linear patches, projection, convolution;
  wf_norm embedding_norm, final_norm, relative_norm, convolution_norm;
  wf_table rotary[WF_MAX_ROTARIES]; /* [1, pairs]: frequencies */
  wf_frame *frames;
  wf_linear *positional; /* convolutions over rows, each of `groups` */
  wf_norm feature_norm, position_norm;
  wf_table position_gain; /* [1, kernel] */
  wf_layer *layers;
  wf_layer_weights *sets; /* what layers share counts once */
  wf_merge *merges;
  wf_head heads[WF_MAX_HEADS];
  uint32_t merge_count;
  float *line; /* twice the longest row that becomes whole numbers: as it comes, and turned */
  uint32_t line_slot, line_row; /* whose */
  uint32_t derived;             /* 1 once wf_encoder_derive has run */
} wf_weights;

/* Where a forward stands: a layer has parts (attention, feed-forward network, convolution, merging), a part runs group by group, a
 * group stage by stage, a stage unit by unit. A forward may stop behind any unit. */
typedef struct wf_cursor {
  uint32_t layer, part;
  uint32_t first,
      taken; /* the group: items of the part (sequences, windows, rows); none taken: not laid out yet */
  uint32_t stage, unit;
  size_t maps; /* values of attention maps that this layer's earlier groups gave */
} wf_cursor;

/* Where the stem of a block of sounds stands: a sound is measured, where channels are normed over time; one piece of its rows after
 * the other goes through the convolutions, level by level; convolutions over its rows follow, group by group. */
typedef struct wf_sound {
  const float *x; /* the caller's, NULL when all are done */
  uint32_t frames;
  uint32_t sequence, row;      /* the sound in work, and its first row of the block */
  uint32_t measured, placed;   /* whether it is; its rows that have passed all convolutions */
  uint32_t level, group, done; /* which convolution is in work, which group of it, outputs of that */
} wf_sound;

/* The rows that a group's stages work on: `rows` of x from `x` on, or by the map. */
typedef struct wf_row_group {
  float *x;
  const uint32_t *map;
  uint32_t rows, sequences;
} wf_row_group;

/* Scratch of one block of rows.
 *
 *   x, next   [R][D]                      the residual stream, row-major; where patch merging puts it, or what
 *                                         entered layer 0, for a convolution
 *   packed    [ceil(G / MR)][widest][MR]  the rows of a group that a product reads
 *   hidden    [ceil(G / MR)][F][MR]       the feed-forward network's inside
 *   branch    [G][D]                      what a branch gives before it is normalised and added
 *   vectors   [V][widest]                 pooled vectors on their way through heads
 *   angles    [pairs][G] twice, a table   cosines and sines
 *   frames    two: rows between convolutions over time; frame_mean, frame_sums of their channels
 *   features  [R][E]                      what leaves them, if it is kept
 *   other     [R][D]                      beside next for convolutions over rows
 *   gates     [G][H]                      of biases by distance
 *   dense     [L][H][4 G]                 the tables of DENSE layers, for the map at hand
 *   heads     queries, keys, values       see wf_heads
 *   lengths   [R]                         rows of each sequence of the block
 *   map       [G]                         rows of x that a group's rows are, for windows
 *   regions   [G]                         their regions on the shifted map
 *   steps     the layer's, and those that depend on the map
 *   work      a workspace for each thread */
typedef struct wf_scratch {
  uint32_t max_rows, group_rows; /* 0: there is no scratch */
  float *x, *next, *packed, *hidden, *branch, *vectors;
  wf_angles angles[WF_MAX_ROTARIES];
  uint32_t *lengths, *sequence_of_row, *map;
  wf_sequence *sequences, *memory; /* memory: keys of other rows than the queries' */
  float *frames[2], *frame_mean, *features, *other, *gates;
  double *frame_sums;
  uint32_t frame_piece; /* rows that go through the convolutions at a time */
  float *regions, *maps, *dense;
  uint32_t dense_size;            /* values of a layer in `dense` */
  uint32_t map_height, map_width; /* the map that `dense`, and angles of patches, are for */
  wf_heads heads;
  wf_score_step steps[WF_MAX_STEPS];
  wf_mask mask; /* of the block in work; no values without one */
  wf_team *team;
  wf_workspace work[WF_MAX_THREADS]; /* of those that it was planned for */
  uint32_t rows, count;              /* of the block in work; 0 rows when none is begun */
  uint32_t images, height, width;    /* of the map that the rows stand for */
  uint32_t finished;
  wf_cursor at;
  wf_sound sound;
  uint32_t *heard; /* frames of each sound that count */
  float *trace;    /* where the next traced value goes; NULL: nowhere */
  wf_row_group group;
} wf_scratch;

struct wf_encoder {
  uint32_t magic; /* tells an encoder from other memory */
  wf_encoder_description description;
  wf_weights weights;
  wf_scratch scratch;
};

enum { WF_ENCODER_MAGIC = 0x57464d52 };

/* Rows that a feed-forward network, a merging and the patch embedding see at a time, and vectors that a head does. */
enum { WF_ROWS_AT_A_TIME = 256, WF_VECTORS_AT_A_TIME = 64 };

/* Outputs of a convolution over time that are made at a time: whole panels of every tile. */
enum { WF_FRAMES_AT_A_TIME = 120 };

/* A parallel loop of units that do not depend on each other. */
typedef struct wf_stage {
  uint32_t (*units)(const wf_encoder *e); /* 0: nothing to do */
  void (*run)(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end);
  uint64_t (*cost)(const wf_encoder *e); /* multiplications of a unit, about */
} wf_stage;

/* A part of a layer: lays out the group that begins with item `first` and returns how many items it has, 0 behind the
 * last; the stages then run over it. */
typedef struct wf_part {
  uint32_t (*take)(wf_encoder *e, uint32_t first);
  const wf_stage *stages;
  uint32_t count;
} wf_part;

/* The stages of the two parts that every layer has. */
enum {
  PACK_ATTENTION,
  QUANTISE_QKV,
  PROJECT,
  MAKE_GATES,
  TURN,
  ATTEND,
  QUANTISE_OUT,
  PUT_OUT,
  ADD_ATTENTION,
  NORM_ATTENTION
};
enum { PACK_FF, QUANTISE_UP, PUT_UP, QUANTISE_DOWN, PUT_DOWN, ADD_FF, NORM_FF };

extern const wf_part wf_attention_part, wf_feed_forward_part, wf_convolution_part, wf_merge_part;

static inline const wf_layer *wf_layer_of(const wf_encoder *e) {
  return &e->weights.layers[e->scratch.at.layer];
}

/* What multiplies a layer's queries where they leave their product; normed ones are scaled behind the norm. */
static inline float wf_query_scale(const wf_kind_description *kind) {
  return kind->head_norm ? 1.0f : kind->score_scale;
}

/* The kind of the last layer gives the width of what leaves the stack. */
static inline uint32_t wf_last_width(const wf_encoder_description *d) {
  return d->layers ? d->kind[d->layer_kind[d->layers - 1]].width : d->width;
}

/* Whether layers work in windows of a map: all of them, or none. */
static inline int wf_is_windowed(const wf_encoder_description *d) { return d->kinds && d->kind[0].window; }

/* Whether patches are merged behind a layer. */
static inline int wf_merges_behind(const wf_encoder_description *d, uint32_t layer) {
  return layer + 1 < d->layers &&
         d->kind[d->layer_kind[layer]].width != d->kind[d->layer_kind[layer + 1]].width;
}

/* wf_check_description is the first half of wf_encoder_plan. */
uint32_t wf_check_description(const wf_encoder_description *description);

/* wf_patch_grid writes the patches down and across an image; SHAPE if there is none, or a window does not fit. */
uint32_t wf_patch_grid(uint32_t grid[2], const wf_encoder_description *d, uint32_t height, uint32_t width);

/* wf_frames_length returns the rows that frames become, 0 if they are too few. */
uint32_t wf_frames_length(const wf_encoder_description *d, uint32_t frames);

/* wf_begin begins a block of rows for a stem; none is begun if it does not fit. wf_norm_embeddings normalises its rows if the
 * embedding norm stands at this place, see wf_encoder_description. */
uint32_t wf_begin(wf_encoder *encoder, wf_stem stem, const uint32_t *lengths, uint32_t sequences);
void wf_norm_embeddings(wf_encoder *encoder, uint32_t place);

/* wf_run_sound takes the stem of sounds a step further, which is done when scratch.sound.x is NULL; returns about how many
 * multiplications that took. */
uint64_t wf_run_sound(wf_encoder *e);

/* wf_turn_of returns what turns the heads of the layer at hand. */
wf_turn wf_turn_of(const wf_encoder *e);

/* wf_trace appends values to the trace, if there is one; wf_trace_panels what stands in panels of A [ceil(R / MR)][width][MR].
 * wf_trace_stage appends what the stage that has just run made. */
void wf_trace(wf_encoder *e, const float *values, size_t count);
void wf_trace_panels(wf_encoder *e, const float *panels, uint32_t rows, uint32_t width);
void wf_trace_stage(wf_encoder *e);

/* wf_make_gates is the stage of attention that fills the gates of its biases. */
void wf_make_gates(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end);

/* wf_state_layers returns how many layers have run at a state, UINT32_MAX if there is no such state. */
uint32_t wf_state_layers(const wf_encoder_description *d, uint32_t state);

/* wf_take_windows lays out windows first .. of the map at hand as a group's sequences; see wf_part. */
uint32_t wf_take_windows(wf_encoder *e, uint32_t first);

/* wf_attention_pool pools the finished rows x of sequences first .. first + count - 1, all but the first `skip` of each,
 * into out [count, D]; see WF_POOL_ATTENTION. MEMORY if a sequence does not fit a group. */
uint32_t wf_attention_pool(float *out, wf_encoder *e, const float *x, uint32_t skip, uint32_t first,
                           uint32_t count);

/* wf_derive_angles fills the scratch's tables of angles from the weights. */
void wf_derive_angles(wf_encoder *e);

/* wf_derive_map fills the scratch's tables of DENSE layers and of the angles of patches for the map at hand. */
void wf_derive_map(wf_encoder *e);

/* wf_multiply multiplies the `rows` rows in s->packed by a linear layer into a sink, shared among the team. Rows that have been packed
 * as float32 become what the layer reads. */
void wf_multiply(const wf_scratch *s, const wf_sink *sink, const wf_linear *linear, uint32_t rows);

/* wf_ready returns OK if an encoder's scratch and weights can take a block. */
static inline uint32_t wf_ready(const wf_encoder *e) {
  if (e->magic == WF_ENCODER_MAGIC && wf_team_failures(e->scratch.team)) return WF_ERROR_THREAD;
  return e->magic == WF_ENCODER_MAGIC && e->weights.derived && e->scratch.max_rows ? WF_OK : WF_ERROR_STATE;
}

#define WF_TRY(expression)                            \
  do {                                                \
    uint32_t wf_try_status = (expression);            \
    if (wf_try_status != WF_OK) return wf_try_status; \
  } while (0)

#endif
