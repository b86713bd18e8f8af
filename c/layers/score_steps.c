/* Score steps: what attention adds to the scores of a query panel, or puts in their place, before softmax. The reach of
 * queries is no step: keys beyond it are not multiplied (attention.c). */
#include "layers.h"

static void add_bias(const wf_score_step *step, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, count = s->count * nr;
  const uint32_t queries = wf_panels_of(s->heads->sequences[s->sequence].length, nr) * nr;
  const uint32_t keys = s->heads->memory[s->sequence].length;
  const float *bias = step->values + ((size_t)s->head * queries + s->first_query) * keys + s->first_key * nr;
  float *scores = s->values;
  for (uint32_t i = 0; i < count; i += 4) wf_store(scores + i, wf_load(scores + i) + wf_load(bias + i));
}

/* Entries d .. d + 3 of a table whose ends reach on for ever; entry 0 is in its middle. */
static wf_f4 load_clamped(const float *middle, int64_t d, int64_t reach) {
  wf_f4 v = wf_splat(0.0f);
  if (-reach <= d && d + 3 <= reach) return wf_load(middle + d);
  for (int i = 0; i < 4; i++) v[i] = middle[d + i < -reach ? -reach : d + i > reach ? reach : d + i];
  return v;
}

static void add_distance(const wf_score_step *step, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, count = s->count;
  const int64_t reach = step->reach;
  const float *middle = step->values + s->head * (2 * (size_t)reach + 1) + reach;
  int64_t behind = (int64_t)s->first_query - s->first_key;
  float *row = s->values;
  for (uint32_t j = 0; j < count; j++, behind--, row += nr) {
    for (uint32_t q = 0; q < nr; q += 4) {
      wf_store(row + q, wf_load(row + q) + load_clamped(middle, behind + q, reach));
    }
  }
}

static void add_gated_distance(const wf_score_step *step, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, heads = s->heads->heads;
  const wf_sequence *sequence = &s->heads->sequences[s->sequence];
  const int64_t reach = step->reach;
  const float *middle = step->values + s->head * (2 * (size_t)reach + 1) + reach;
  float gates[WF_TILE_MAX_COLUMNS];
  for (uint32_t q = 0; q < nr; q++) {
    uint32_t t = s->first_query + q; /* lanes beyond the last belong to none */
    gates[q] = t < sequence->length ? step->gates[((size_t)sequence->row + t) * heads + s->head] : 0.0f;
  }
  int64_t behind = (int64_t)s->first_query - s->first_key;
  float *row = s->values;
  for (uint32_t j = 0; j < s->count; j++, behind--, row += nr) {
    for (uint32_t q = 0; q < nr; q += 4) {
      wf_f4 bias = load_clamped(middle, behind + q, reach);
      wf_store(row + q, wf_madd(wf_load(gates + q), bias, wf_load(row + q)));
    }
  }
}

/* Where a token of a map of `columns` columns stands in a table over offsets, from the class token on. */
static int64_t place_of(uint32_t token, uint32_t columns) {
  if (token == 0) return 0;
  return (int64_t)((token - 1) / columns) * (2 * columns - 1) + (token - 1) % columns;
}

static void add_dense(const wf_score_step *step, const wf_scores *s) {
  enum { FROM = 0, TO = 1, ITSELF = 2 };
  const uint32_t nr = s->work->tile->columns, columns = step->reach, across = 2 * columns - 1;
  const size_t size = (size_t)(2 * step->rows - 1) * across;
  const float *table = step->values + s->head * (size + 3), *token = table + size;
  const float *middle = table + (size_t)(step->rows - 1) * across + columns - 1;
  const uint32_t tokens = step->rows * columns + 1;
  int64_t queries[WF_TILE_MAX_COLUMNS];
  for (uint32_t q = 0; q < nr; q++) {
    uint32_t at = s->first_query + q;
    queries[q] = place_of(at < tokens ? at : tokens - 1, columns); /* lanes beyond the last belong to none */
  }
  float *row = s->values;
  for (uint32_t j = 0; j < s->count; j++, row += nr) {
    const uint32_t key = s->first_key + j;
    const float *of_key = middle - place_of(key, columns);
    for (uint32_t q = 0; q < nr; q++)
      row[q] += s->first_query + q == 0 ? token[key ? FROM : ITSELF] : key ? of_key[queries[q]] : token[TO];
  }
}

/* What one channel of a group of keys adds to the scores of the lanes. */
enum { RELATIVE_KEYS = 4 };

/* RELATIVE_KEYS keys from number j of a run on; a key beyond the last stands for the last. Per channel c and lane: q[c] *
 * keys[c][d] + k[c] * queries[c][d], where d falls by one from key to key. */
static void add_relative_keys(const wf_score_step *step, const wf_scores *s, uint32_t j) {
  const wf_heads *heads = s->heads;
  const wf_tile *tile = s->work->tile;
  const uint32_t nr = tile->columns, mr = tile->rows, width = heads->width;
  const size_t columns = wf_relative_columns(step->relative->reach);
  const int64_t reach = step->relative->reach, lowest = -reach - WF_RELATIVE_MARGIN;
  const float *query = wf_head_queries(heads, tile, &heads->sequences[s->sequence], s->head) +
                       (size_t)s->first_query * (1 + width) + nr;
  const float *all_keys = wf_head_keys(heads, tile, &heads->memory[s->sequence], s->head);
  const float *keys = step->relative->keys, *queries = step->relative->queries, *key[RELATIVE_KEYS];
  size_t from[RELATIVE_KEYS], plane = s->head * (size_t)width * columns;
  for (uint32_t i = 0; i < RELATIVE_KEYS; i++) {
    uint32_t n = s->first_key + (j + i < s->count ? j + i : s->count - 1);
    int64_t d = (int64_t)s->first_query - n;
    d = d < lowest ? lowest : d > reach ? reach : d;
    from[i] = plane + (size_t)(d - lowest);
    key[i] = all_keys + (size_t)n / mr * mr * width + n % mr;
  }
  for (uint32_t q = 0; q < nr; q += 4) {
    wf_f4 sum[RELATIVE_KEYS] = {wf_splat(0.0f), wf_splat(0.0f), wf_splat(0.0f), wf_splat(0.0f)};
    for (uint32_t c = 0; c < width; c++) {
      const wf_f4 value = wf_load(query + (size_t)c * nr + q);
      for (uint32_t i = 0; i < RELATIVE_KEYS; i++) {
        const size_t at = from[i] + c * columns + q;
        if (keys) sum[i] = wf_madd(value, wf_load(keys + at), sum[i]);
        if (queries) sum[i] = wf_madd(wf_splat(key[i][(size_t)c * mr]), wf_load(queries + at), sum[i]);
      }
    }
    for (uint32_t i = 0; i < RELATIVE_KEYS && j + i < s->count; i++) {
      float *score = s->values + (size_t)(j + i) * nr + q;
      wf_store(score, wf_load(score) + sum[i]);
    }
  }
}

static void add_relative(const wf_score_step *step, const wf_scores *s) {
  for (uint32_t j = 0; j < s->count; j += RELATIVE_KEYS) add_relative_keys(step, s, j);
}

static void mask_regions(const wf_score_step *step, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, count = s->count;
  const float *regions = step->values + s->heads->sequences[s->sequence].row;
  const float *of_queries = regions + s->first_query, *of_keys = regions + s->first_key;
  float *row = s->values;
  for (uint32_t j = 0; j < count; j++, row += nr) {
    for (uint32_t q = 0; q < nr; q += 4) {
      wf_i4 same = wf_load(of_queries + q) == wf_splat(of_keys[j]);
      wf_store(row + q, wf_load(row + q) + wf_select(same, wf_splat(0.0f), wf_splat(step->masked)));
    }
  }
}

static void replace_invalid(const wf_score_step *step, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, valid = step->counts[s->sequence], count = s->count * nr;
  uint32_t first = valid > s->first_key ? valid - s->first_key : 0;
  float *scores = s->values;
  for (uint32_t i = first * nr; i < count; i++) scores[i] = WF_INVALID;
}

/* The panel's queries: lanes beyond them belong to none. */
static uint32_t lanes_of(const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, rest = s->heads->sequences[s->sequence].length - s->first_query;
  return rest < nr ? rest : nr;
}

static void replace_invalid_of_queries(const wf_score_step *step, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, lanes = lanes_of(s);
  for (uint32_t q = 0; q < lanes; q++) {
    uint32_t valid = step->counts[s->first_query + q];
    for (uint32_t j = valid > s->first_key ? valid - s->first_key : 0; j < s->count; j++)
      s->values[(size_t)j * nr + q] = WF_INVALID;
  }
}

static void fill_masked(const wf_score_step *step, const wf_scores *s) {
  const wf_mask *m = step->mask;
  const uint32_t nr = s->work->tile->columns, lanes = lanes_of(s);
  const uint8_t *row = m->values + ((size_t)step->first + s->sequence) * m->of_sequence +
                       (size_t)s->head * m->of_head + (size_t)s->first_query * m->of_query +
                       (size_t)s->first_key * m->of_key;
  for (uint32_t j = 0; j < s->count; j++, row += m->of_key) {
    for (uint32_t q = 0; q < lanes; q++)
      if (!row[(size_t)q * m->of_query]) s->values[(size_t)j * nr + q] = m->fill;
  }
}

wf_score_step wf_step_bias(const float *bias) { return (wf_score_step){.apply = add_bias, .values = bias}; }

wf_score_step wf_step_distance(const float *table, uint32_t reach) {
  return (wf_score_step){.apply = add_distance, .values = table, .reach = reach};
}

wf_score_step wf_step_gated_distance(const float *table, uint32_t reach, const float *gates) {
  return (wf_score_step){.apply = add_gated_distance, .values = table, .reach = reach, .gates = gates};
}

wf_score_step wf_step_dense(const float *table, uint32_t rows, uint32_t columns) {
  return (wf_score_step){.apply = add_dense, .values = table, .rows = rows, .reach = columns};
}

wf_score_step wf_step_relative(const wf_relative *relative) {
  return (wf_score_step){.apply = add_relative, .relative = relative};
}

wf_score_step wf_step_regions(const float *regions, float masked) {
  return (wf_score_step){.apply = mask_regions, .values = regions, .masked = masked};
}

wf_score_step wf_step_valid(const uint32_t *lengths) {
  return (wf_score_step){.apply = replace_invalid, .counts = lengths};
}

wf_score_step wf_step_valid_of_queries(const uint32_t *lengths) {
  return (wf_score_step){.apply = replace_invalid_of_queries, .counts = lengths};
}

wf_score_step wf_step_mask(const wf_mask *mask, uint32_t first) {
  return (wf_score_step){.apply = fill_masked, .mask = mask, .first = first};
}
