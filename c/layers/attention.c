/* Scaled dot-product attention of packed heads. A query panel of NR queries stays in the lanes from the scores to the
 * result: keys times queries gives the scores with keys as rows, which is already the form of B that the second
 * product reads, and softmax never reduces across a vector. Keys that no query of a panel sees are not multiplied.
 * Not here: what changes scores (score_steps.c), norms and rotation of queries and keys (turn_heads.c). */
#include "layers.h"
#include <assert.h>

uint32_t wf_padded_length(const wf_tile *tile, uint32_t length) {
  uint32_t rows = wf_panels_of(length, tile->rows) * tile->rows,
           columns = wf_panels_of(length, tile->columns) * tile->columns;
  return rows > columns ? rows : columns;
}

/* One head of one sequence. */
typedef struct unit {
  const wf_workspace *work;
  const wf_heads *heads;
  const wf_sequence *sequence, *memory;
  const float *queries, *keys, *values;
  uint32_t number, head; /* the sequence's number */
} unit;

/* Queries t .. t + count - 1 of a unit, and the keys first .. end - 1 that any of them sees: first is a panel's. */
typedef struct panel {
  uint32_t t, count, first, end;
} panel;

static unit make_unit(const wf_workspace *work, const wf_heads *heads, uint32_t number, uint32_t head) {
  unit u = {.work = work, .heads = heads, .number = number, .head = head};
  uint32_t key_head = head / (heads->heads / heads->key_heads);
  u.sequence = &heads->sequences[number];
  u.memory = &heads->memory[number];
  u.queries = wf_head_queries(heads, work->tile, u.sequence, head);
  u.keys = wf_head_keys(heads, work->tile, u.memory, key_head);
  u.values = wf_head_values(heads, work->tile, u.memory, key_head);
  return u;
}

static panel make_panel(const unit *u, uint32_t t) {
  const uint32_t nr = u->work->tile->columns, mr = u->work->tile->rows, keys = u->memory->length;
  uint32_t rest = u->sequence->length - t, count = rest < nr ? rest : nr;
  uint32_t first = t > u->heads->left ? (t - u->heads->left) / mr * mr : 0;
  uint64_t end = (uint64_t)t + count + u->heads->right;
  return (panel){.t = t, .count = count, .first = first, .end = end < keys ? (uint32_t)end : keys};
}

static int is_limited(const wf_heads *heads) {
  return heads->left != WF_UNLIMITED || heads->right != WF_UNLIMITED;
}

/* Scores of pairs beyond the reach become -infinity: the first and the last keys of a panel, for some of its lanes. */
static void limit_reach(const wf_scores *s) {
  const int64_t left = s->heads->left, right = s->heads->right;
  const int32_t nr = (int32_t)s->work->tile->columns;
  for (uint32_t j = 0; j < s->count; j++) {
    int64_t ahead = (int64_t)s->first_key + j - s->first_query;
    if (ahead <= right && nr - 1 - ahead <= left) continue;
    for (int32_t q = 0; q < nr; q++) {
      if (ahead - q > right || q - ahead > left) s->values[(int32_t)j * nr + q] = -__builtin_inff();
    }
  }
}

/* The workspace's scores become those of a panel's queries and keys first .. end - 1. */
static void score(const unit *u, const panel *p, uint32_t first, uint32_t end) {
  const wf_tile *tile = u->work->tile;
  const uint32_t width = u->heads->width;
  wf_scores s = {.values = u->work->scores + tile->columns,
                 .work = u->work,
                 .heads = u->heads,
                 .sequence = u->number,
                 .head = u->head,
                 .first_query = p->t,
                 .first_key = first,
                 .count = end - first};
  tile->gemm(s.values, tile->columns, u->keys + (size_t)first * width,
             u->queries + (size_t)p->t * (1 + width), width, wf_panels_of(end - first, tile->rows), 1);
  for (uint32_t i = 0; i < u->heads->step_count; i++) u->heads->steps[i].apply(&u->heads->steps[i], &s);
  if (is_limited(u->heads)) limit_reach(&s);
}

/* out = the workspace's probabilities of keys first .. end - 1 times the values of these keys. */
static void mix(const unit *u, float *out, uint32_t first, uint32_t end) {
  const wf_tile *tile = u->work->tile;
  const uint32_t mr = tile->rows, nr = tile->columns, panels = wf_panels_of(u->heads->width, mr);
  const uint32_t step = end - first == u->memory->length ? panels : 1;
  for (uint32_t c = 0; c < panels; c += step) {
    tile->gemm(out + (size_t)c * mr * nr, nr, u->values + ((size_t)c * u->memory->length + first) * mr,
               u->work->scores, end - first, step, 1);
  }
}

/* The result of one query panel, [W][NR], to its rows of the panels that the output projection reads. */
static void scatter(const unit *u, float *panels, const panel *p, const float *inverse) {
  const uint32_t mr = u->work->tile->rows, nr = u->work->tile->columns, width = u->heads->width;
  const uint32_t all = u->heads->heads * width;
  for (uint32_t q = 0, n; q < p->count; q += n) {
    uint32_t row = u->sequence->row + p->t + q, lane = row % mr;
    const float *in = u->work->context + q;
    float *out = panels + (size_t)(row - lane) * all + (size_t)u->head * width * mr + lane;
    n = p->count - q < mr - lane ? p->count - q : mr - lane;
    n = n >= 4 ? 4 : n >= 2 ? 2 : 1;
    if (n == 4) {
      const wf_f4 scale = wf_load(inverse + q);
      for (uint32_t c = 0; c < width; c++)
        wf_store(out + (size_t)c * mr, wf_load(in + (size_t)c * nr) * scale);
      continue;
    }
    for (uint32_t c = 0; c < width; c++) {
      for (uint32_t i = 0; i < n; i++) out[(size_t)c * mr + i] = in[(size_t)c * nr + i] * inverse[q + i];
    }
  }
}

/* The probabilities of keys first .. end - 1 to the rows of a map [Tq][Tk]. */
static void put_map(const unit *u, float *map, const panel *p, uint32_t first, uint32_t end,
                    const float *inverse) {
  const uint32_t nr = u->work->tile->columns;
  const float *scores = u->work->scores + nr;
  for (uint32_t q = 0; q < p->count; q++) {
    float *row = map + (size_t)(p->t + q) * u->memory->length;
    for (uint32_t j = first; j < end; j++) row[j] = scores[(j - first) * nr + q] * inverse[q];
  }
}

/* Keys that are not multiplied have probability 0. */
static void clear_map(const unit *u, float *map, const panel *p) {
  const uint32_t keys = u->memory->length;
  for (uint32_t q = 0; q < p->count; q++) {
    float *row = map + (size_t)(p->t + q) * keys;
    for (uint32_t j = 0; j < p->first; j++) row[j] = 0.0f;
    for (uint32_t j = p->end; j < keys; j++) row[j] = 0.0f;
  }
}

/* One panel of queries, all its scores held at once. */
static void attend_whole(const unit *u, float *panels, const panel *p, float *map) {
  const uint32_t nr = u->work->tile->columns;
  float inverse[WF_TILE_MAX_COLUMNS];
  score(u, p, p->first, p->end);
  wf_f32_softmax_columns(u->work->scores + nr, inverse, p->end - p->first, nr, p->first);
  mix(u, u->work->context, p->first, p->end);
  scatter(u, panels, p, inverse);
  if (map) put_map(u, map, p, p->first, p->end, inverse);
}

/* The end of the block of keys that `first` stands in. */
static uint32_t block_end(const panel *p, uint32_t first) {
  uint32_t end = (first / WF_BLOCK_KEYS + 1) * WF_BLOCK_KEYS;
  return end < p->end ? end : p->end;
}

/* context = context * rescale + part, [W][NR] */
static void join(const unit *u, const float *part, const float *rescale) {
  const uint32_t nr = u->work->tile->columns;
  float *context = u->work->context;
  for (uint32_t i = 0; i < u->heads->width * nr; i += nr) {
    for (uint32_t q = 0; q < nr; q += 4) {
      wf_f4 sum = wf_madd(wf_load(context + i + q), wf_load(rescale + q), wf_load(part + i + q));
      wf_store(context + i + q, sum);
    }
  }
}

/* One panel of queries against a block of keys after the other. A map takes a second walk: its probabilities need the
 * last maximum and sum. */
static void attend_blocks(const unit *u, float *panels, const panel *p, float *map) {
  const uint32_t nr = u->work->tile->columns, width = u->heads->width;
  const size_t padded = (size_t)wf_panels_of(width, u->work->tile->rows) * u->work->tile->rows;
  float top[WF_TILE_MAX_COLUMNS], sum[WF_TILE_MAX_COLUMNS], rescale[WF_TILE_MAX_COLUMNS];
  float inverse[WF_TILE_MAX_COLUMNS], *context = u->work->context, *part = context + padded * nr;
  for (uint32_t q = 0; q < nr; q++) {
    top[q] = WF_SOFTMAX_START;
    sum[q] = 0.0f;
  }
  for (uint32_t i = 0; i < width * nr; i++) context[i] = 0.0f;
  for (int walk = 0; walk < (map ? 2 : 1); walk++) {
    for (uint32_t first = p->first, end; first < p->end; first = end) {
      end = block_end(p, first);
      score(u, p, first, end);
      wf_f32_softmax_block(u->work->scores + nr, top, sum, rescale, end - first, nr);
      if (walk == 1) {
        put_map(u, map, p, first, end, inverse);
      } else {
        mix(u, part, first, end);
        join(u, part, rescale);
      }
    }
    for (uint32_t q = 0; walk == 0 && q < nr; q++) inverse[q] = 1.0f / sum[q];
  }
  scatter(u, panels, p, inverse);
}

/* Whether the scores of a panel are held whole. The sequence and its reach decide, not the panel: a tile changes no bit. */
static int holds_whole(const unit *u) {
  uint64_t reach = (uint64_t)u->heads->left + u->heads->right + WF_TILE_MAX_COLUMNS + 2 * WF_TILE_MAX_ROWS;
  return u->memory->length <= WF_ROW_KEYS || reach <= WF_ROW_KEYS;
}

/* Queries first .. end - 1 of a head, whole panels but for the last. */
static void attend_unit(const unit *u, float *panels, uint32_t first, uint32_t end, float *map) {
  const int whole = holds_whole(u);
  /* Every query sees the key at its own place. */
  assert(u->sequence->length <= u->memory->length || !is_limited(u->heads));
  for (uint32_t t = first; t < end; t += u->work->tile->columns) {
    const panel p = make_panel(u, t);
    if (map) clear_map(u, map, &p);
    if (whole)
      attend_whole(u, panels, &p, map);
    else
      attend_blocks(u, panels, &p, map);
  }
}

/* Queries of a unit: the panels of every tile are whole, and a unit takes about as long whatever the length. */
static uint32_t unit_queries(const wf_heads *heads, uint32_t sequence) {
  uint32_t panels = WF_UNIT_PAIRS / heads->memory[sequence].length / WF_WHOLE_PANELS;
  return (panels ? panels : 1) * WF_WHOLE_PANELS;
}

/* Units of a head of a sequence. */
static uint32_t unit_count(const wf_heads *heads, uint32_t sequence) {
  return wf_panels_of(heads->sequences[sequence].length, unit_queries(heads, sequence));
}

uint32_t wf_attention_units(const wf_heads *heads, uint32_t sequences) {
  uint32_t units = 0;
  for (uint32_t i = 0; i < sequences; i++) units += heads->heads * unit_count(heads, i);
  return units;
}

void wf_attention(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t first,
                  uint32_t end, float *maps) {
  assert(heads->key_heads >= 1 && heads->heads % heads->key_heads == 0);
  assert(WF_BLOCK_KEYS % work->tile->rows == 0 && WF_WHOLE_PANELS % work->tile->columns == 0);
  for (uint32_t q = 0; q < WF_TILE_MAX_COLUMNS; q++) work->scores[q] = 0.0f;
  uint32_t number = 0, head = 0;
  for (uint32_t done = 0; done < end;) {
    const uint32_t length = heads->sequences[number].length, step = unit_queries(heads, number);
    const uint32_t parts = unit_count(heads, number);
    const unit u = make_unit(work, heads, number, head);
    for (uint32_t part = 0; part < parts && done < end; part++, done++) {
      uint32_t from = part * step, to = length - from < step ? length : from + step;
      if (done >= first) attend_unit(&u, panels, from, to, maps);
    }
    if (maps) maps += (size_t)length * heads->memory[number].length;
    if (++head == heads->heads) {
      head = 0;
      number++;
    }
  }
}
