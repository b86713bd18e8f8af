/* Distances between tokens as buckets, one distance at a time. The logarithms are rounded to float32 where the
 * references round them: at a bucket's edge the last bit decides, and trained tables were indexed with it. */
#ifndef WF_ENCODINGS_BUCKETS_H
#define WF_ENCODINGS_BUCKETS_H

#include <stdbool.h>
#include <stdint.h>

/* What a T5 bucket depends on besides the distance. */
typedef struct wf_t5_rule {
  int32_t buckets;    /* in one direction */
  int32_t exact;      /* distances below it have a bucket of their own */
  float log_range;    /* ln(max_distance / exact) */
  bool bidirectional; /* keys behind the query have the upper half */
  bool round_sum;     /* WavLM rounds exact + logarithm to float32 before cutting it to an integer */
} wf_t5_rule;

/* wf_t5_rule_make checks the options and returns false for a rule with no logarithm: fewer than 2 buckets in one
 * direction, or max_distance at or below the exact ones. */
bool wf_t5_rule_make(wf_t5_rule *rule, uint32_t buckets, uint32_t max_distance, uint32_t options);

/* wf_t5_bucket returns the bucket of the distance key - query. */
int32_t wf_t5_bucket(const wf_t5_rule *rule, int64_t distance);

/* wf_deberta_bucket returns the signed bucket of the distance query - key. size >= 2, max_position > size / 2 + 1. */
int32_t wf_deberta_bucket(int64_t distance, uint32_t size, uint32_t max_position);

#endif
