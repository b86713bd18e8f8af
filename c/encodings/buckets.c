/* Relative positions as buckets: T5's (also MPNet, LayoutLMv3, WavLM) and DeBERTa's, and T5's bias. Not here:
 * DeBERTa's scores, which depend on the content (content_bias.c). */
#include "buckets.h"
#include "../wasmformer.h"
#include "sizes.h"
#include "trig.h"

static float log_f32(float x) { return (float)wf_log((double)x); }

bool wf_t5_rule_make(wf_t5_rule *rule, uint32_t buckets, uint32_t max_distance, uint32_t options) {
  rule->bidirectional = (options & WF_BUCKETS_BIDIRECTIONAL) != 0;
  rule->round_sum = (options & WF_BUCKETS_ROUND_SUM) != 0;
  if (buckets > 1u << 20 || max_distance > INT32_MAX) return false;
  rule->buckets = (int32_t)(rule->bidirectional ? buckets / 2 : buckets);
  rule->exact = rule->buckets / 2;
  if (rule->exact < 1 || (int32_t)max_distance <= rule->exact) return false;
  rule->log_range = (float)wf_log((double)max_distance / (double)rule->exact);
  return true;
}

int32_t wf_t5_bucket(const wf_t5_rule *rule, int64_t distance) {
  int32_t first = 0;
  if (rule->bidirectional) {
    if (distance > 0) first = rule->buckets;
    if (distance < 0) distance = -distance;
  } else {
    distance = distance < 0 ? -distance : 0;
  }
  if (distance < rule->exact) return first + (int32_t)distance;
  const float exact = (float)rule->exact;
  float steps = log_f32((float)distance / exact) / rule->log_range;
  steps = steps * (float)(rule->buckets - rule->exact);
  if (steps >= (float)(rule->buckets - rule->exact)) return first + rule->buckets - 1;
  const int32_t bucket = rule->round_sum ? (int32_t)(exact + steps) : rule->exact + (int32_t)steps;
  return first + (bucket < rule->buckets ? bucket : rule->buckets - 1);
}

uint32_t wf_t5_buckets(int32_t *out, const int32_t *distances, uint32_t count, uint32_t buckets,
                       uint32_t max_distance, uint32_t options) {
  wf_t5_rule rule;
  if (!out || !distances || !wf_t5_rule_make(&rule, buckets, max_distance, options)) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < count; i++) out[i] = wf_t5_bucket(&rule, distances[i]);
  return WF_OK;
}

uint32_t wf_t5_bias(float *out, const float *table, uint32_t queries, uint32_t keys, uint32_t heads,
                    uint32_t offset, uint32_t buckets, uint32_t max_distance, uint32_t options) {
  wf_t5_rule rule;
  if (!out || !table || !wf_t5_rule_make(&rule, buckets, max_distance, options)) return WF_ERROR_ARGUMENT;
  if (!wf_fits(queries, keys, heads, 1) || !wf_fits(buckets, heads, 1, 1)) return WF_ERROR_SHAPE;
  const int64_t q = queries, k = keys;
  for (int64_t diagonal = 1 - q; diagonal < k; diagonal++) { /* j - i is the same all along it */
    const int32_t bucket = wf_t5_bucket(&rule, diagonal - (int64_t)offset);
    const int64_t i0 = diagonal < 0 ? -diagonal : 0, i1 = k - diagonal < q ? k - diagonal : q;
    for (uint32_t h = 0; h < heads; h++) {
      const float value = table[(size_t)bucket * heads + h];
      float *plane = out + (size_t)h * queries * keys;
      for (int64_t i = i0; i < i1; i++) plane[(size_t)(i * k + i + diagonal)] = value;
    }
  }
  return WF_OK;
}

int32_t wf_deberta_bucket(int64_t distance, uint32_t size, uint32_t max_position) {
  const int64_t mid = size / 2, length = distance < 0 ? -distance : distance;
  if (length <= mid) return (int32_t)distance;
  const float range = log_f32((float)((double)(max_position - 1) / (double)mid));
  const float steps = log_f32((float)length / (float)mid) / range * (float)(mid - 1);
  const int32_t bucket = steps < 1e9f ? (int32_t)(__builtin_ceilf(steps) + (float)mid) : 1000000000;
  return distance < 0 ? -bucket : bucket;
}

uint32_t wf_deberta_buckets(int32_t *out, const int32_t *distances, uint32_t count, uint32_t size,
                            uint32_t max_position) {
  if (!out || !distances || size < 2 || size > 1u << 20) return WF_ERROR_ARGUMENT;
  if (max_position > INT32_MAX || max_position <= size / 2 + 1) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < count; i++) out[i] = wf_deberta_bucket(distances[i], size, max_position);
  return WF_OK;
}
