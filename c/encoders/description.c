/* The check of a description: ranges, sizes that must fit each other, and values of fields that are not computed yet.
 *
 * What the families of today's hubs ask of the fields of a kind, beside widths, heads, activation and epsilon. What a
 * family leaves out has the value 0, or no limit. An X marks a value that is refused so far.
 *
 *   family                     norms               form   other fields
 *   bert ernie distilbert      both after          layer
 *   roberta xlm-r camembert    both after          layer  (positions are the caller's)
 *   data2vec-text electra      both after          layer  table_width (electra, if it differs)
 *   albert                     both after          layer  table_width, layer_weights: all of layer 0
 *   mpnet                      both after          layer  bias DISTANCE
 *   deberta v1 v2 v3           both after          layer  bias DISENTANGLED, convolution (the large ones of v2)
 *   nomic_bert gte jina-v3     both after          layer  rotary HALVES, gated (not jina)
 *   roformer                   both after          layer  rotary PAIRS
 *   roberta_prelayernorm       both before         layer
 *   modernbert                 both before         layer  3 kinds (layer 0 without its first norm, local, global),
 *                                                         left = right = reach, rotary HALVES, gated
 *   eurobert                   both before         rms    key_heads, rotary HALVES, gated
 *   gemma3_text                before and inside   rms    2 kinds, key_heads, head_norm RMS, rotary, reach, gated
 *   t5 mt5 umt5                both before         rms    score_scale 1, bias DISTANCE, gated (not relu ones)
 *   esm2                       both before         layer  rotary HALVES, dropped_token
 *   nn.TransformerEncoder      after or before     layer
 *   vit deit msn mae ijepa     both before         layer  prefix
 *   ast                        both before         layer  prefix, strides
 *   timm vit                   both before         layer  prefix, head_norm LAYER, layer_scale
 *   beit data2vec-vision       both before         layer  prefix, bias DENSE, layer_scale
 *   dinov2 with registers      both before         layer  prefix > prefix_positions, layer_scale, gated (giant)
 *   dinov3_vit                 both before         layer  prefix, rotary HALVES over two axes, layer_scale
 *   clip siglip                both before         layer  text of clip: right = 0; siglip's pictures: pool
 *   swin                       both before         layer  8 kinds (4 stages, shifted or not), window, shift, bias WINDOW
 *   swinv2                     both inside         layer  the same, head_norm L2, merge_form NORM_LAST
 *   whisper                    both before         layer  (a stem of convolutions)
 *   wav2vec2 hubert data2vec   after or before     layer  (a stem of convolutions)
 *   wavlm                      after or before     layer  bias DISTANCE, gated by the content
 *   d2l attention              none                layer  WF_STEM_ATTENTION
 */
#include "../encodings/buckets.h"
#include "encoder.h"

static int is_epsilon(float x) { return x >= 0.0f && x <= 1.0f; }

static int is_unlimited(const wf_kind_description *k) {
  return k->left == WF_UNLIMITED && k->right == WF_UNLIMITED;
}

/* Values in their range, whether or not they are computed. */
static int kind_is_valid(const wf_kind_description *k) {
  int sizes = k->width >= 1 && k->width <= 8192 && k->heads >= 1 && k->heads <= 128 && k->key_heads >= 1 &&
              k->key_heads <= k->heads && k->head_width >= 1 && k->head_width <= 1024 && k->inner >= 1 &&
              k->inner <= 65536;
  int choices = k->activation < WF_ACTIVATION_COUNT && k->gated <= 1 && k->norms < 1u << WF_LAYER_NORMS &&
                k->norm_form <= WF_NORM_RMS && k->head_norm <= 1 + WF_NORM_L2 &&
                k->rotary <= WF_ROTARY_PAIRS && k->bias <= WF_BIAS_DISENTANGLED && k->layer_scale <= 1;
  int numbers = is_epsilon(k->norm_epsilon) && k->score_scale > 0.0f && k->score_scale <= 1e6f;
  int windows =
      (k->window == 0 && k->shift == 0) || (k->window >= 1 && k->window <= 64 && k->shift < k->window);
  return sizes && choices && numbers && windows;
}

/* The fields of a bias, which have no meaning to others. */
static uint32_t check_bias(const wf_encoder_description *d, const wf_kind_description *k) {
  wf_t5_rule rule;
  int distance = k->bias == WF_BIAS_DISTANCE, dense = k->bias == WF_BIAS_DENSE,
      relative = k->bias == WF_BIAS_DISENTANGLED;
  if (k->bias_reach > 65536 || k->bias_buckets > 65536) return WF_ERROR_ARGUMENT;
  if (distance && !wf_t5_rule_make(&rule, k->bias_buckets, k->bias_reach, WF_BUCKETS_BIDIRECTIONAL))
    return WF_ERROR_ARGUMENT;
  if (dense && (k->bias_buckets == 0 || k->bias_reach == 0 || k->bias_buckets > 256 || k->bias_reach > 256))
    return WF_ERROR_ARGUMENT;
  if (dense && (d->stem != WF_STEM_PATCHES || d->prefix != 1)) return WF_ERROR_UNSUPPORTED;
  if (k->bias_gated > (distance ? 1u : 0u)) return WF_ERROR_ARGUMENT;
  if (!relative) return k->bias_terms ? WF_ERROR_ARGUMENT : WF_OK;
  uint32_t span = d->relative_rows / 2, buckets = k->bias_buckets;
  if (!(k->bias_terms & 3) || k->bias_terms > 7) return WF_ERROR_ARGUMENT;
  if (span == 0 || d->relative_rows % 2 || d->relative_rows > 65536) return WF_ERROR_ARGUMENT;
  if (buckets && (buckets < 2 || k->bias_reach <= buckets / 2 + 1)) return WF_ERROR_ARGUMENT;
  return k->heads == k->key_heads ? WF_OK : WF_ERROR_UNSUPPORTED;
}

static uint32_t check_rotary(const wf_encoder_description *d, const wf_kind_description *k) {
  if (!k->rotary) return WF_OK;
  if (k->rotary_table >= WF_MAX_ROTARIES || k->rotary_width % 2 || k->rotary_width == 0)
    return WF_ERROR_ARGUMENT;
  if (k->rotary_width > k->head_width ||
      d->rotary[k->rotary_table].pairs * (1 + d->rotary[k->rotary_table].map) != k->rotary_width / 2)
    return WF_ERROR_SHAPE;
  if (d->rotary[k->rotary_table].map && d->stem != WF_STEM_PATCHES) return WF_ERROR_UNSUPPORTED;
  return WF_OK;
}

static uint32_t check_kind(const wf_encoder_description *d, const wf_kind_description *k) {
  if (!kind_is_valid(k)) return WF_ERROR_ARGUMENT;
  if (k->heads % k->key_heads) return WF_ERROR_SHAPE;
  WF_TRY(check_bias(d, k));
  WF_TRY(check_rotary(d, k));
  /* A window is seen whole, by queries as they are. */
  int cosine = k->head_norm == 1 + WF_NORM_L2;
  int windowed = k->bias == WF_BIAS_WINDOW && is_unlimited(k) && (!k->head_norm || cosine) && !k->rotary;
  int whole = k->bias != WF_BIAS_WINDOW && k->head_norm <= 1 + WF_NORM_RMS;
  return (k->window ? windowed : whole) ? WF_OK : WF_ERROR_UNSUPPORTED;
}

/* Which kind each layer has, whose weights it uses, and how widths follow each other. */
static uint32_t check_layers(const wf_encoder_description *d) {
  if (d->kinds > WF_MAX_KINDS || d->pool > 1 || d->layers > WF_MAX_LAYERS - d->pool) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < d->kinds; i++) {
    WF_TRY(check_kind(d, &d->kind[i]));
    if (!d->kind[i].window != !d->kind[0].window) return WF_ERROR_UNSUPPORTED;
    int bare = is_unlimited(&d->kind[i]) && !d->kind[i].head_norm && !d->kind[i].layer_scale &&
               !d->kind[i].rotary && !d->kind[i].bias;
    if (d->stem == WF_STEM_ATTENTION && !bare) return WF_ERROR_UNSUPPORTED;
  }
  for (uint32_t i = 0; i < d->layers; i++)
    if (d->layer_kind[i] >= d->kinds) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < d->layers; i++) {
    uint32_t set = d->layer_weights[i];
    if (set > i || d->layer_weights[set] != set) return WF_ERROR_ARGUMENT;
    if (d->layer_kind[set] != d->layer_kind[i]) return WF_ERROR_SHAPE;
    const wf_kind_description *kind = &d->kind[d->layer_kind[i]];
    uint32_t width = kind->width, table = d->layer_bias[i];
    if (kind->bias == WF_BIAS_DISTANCE || kind->bias == WF_BIAS_DENSE) {
      if (table > i || d->layer_bias[table] != table || d->layer_weights[table] != table)
        return WF_ERROR_ARGUMENT;
      const wf_kind_description *other = &d->kind[d->layer_kind[table]];
      if (other->bias != kind->bias || other->heads != kind->heads ||
          other->bias_buckets != kind->bias_buckets || other->bias_reach != kind->bias_reach)
        return WF_ERROR_SHAPE;
    }
    if (kind->bias == WF_BIAS_DISENTANGLED && width != d->width) return WF_ERROR_SHAPE;
    if (i == 0 && width != d->width) return WF_ERROR_SHAPE;
    if (!wf_merges_behind(d, i)) continue;
    if (!wf_is_windowed(d)) return WF_ERROR_UNSUPPORTED;
    if (d->kind[d->layer_kind[i + 1]].width != 2 * width) return WF_ERROR_SHAPE;
  }
  return WF_OK;
}

/* The layer that pools, behind the last: plain attention, with a norm before its network at most. */
static uint32_t check_pool(const wf_encoder_description *d) {
  if (!d->pool) return WF_OK;
  if (d->layer_kind[d->layers] >= d->kinds || d->layer_weights[d->layers] != d->layers)
    return WF_ERROR_ARGUMENT;
  const wf_kind_description *k = &d->kind[d->layer_kind[d->layers]];
  int plain = is_unlimited(k) && !k->head_norm && !k->layer_scale && !k->rotary && !k->bias && !k->window;
  if (!plain || k->norms & ~(uint32_t)WF_BEFORE_FEED_FORWARD || d->stem == WF_STEM_ATTENTION)
    return WF_ERROR_UNSUPPORTED;
  return k->width == wf_last_width(d) ? WF_OK : WF_ERROR_SHAPE;
}

static uint32_t check_frames(const wf_encoder_description *d) {
  const wf_position_description *p = &d->position;
  int sound = d->stem == WF_STEM_FRAMES;
  if (!sound)
    return d->frame_inputs || d->convolutions || d->features || p->count ? WF_ERROR_ARGUMENT : WF_OK;
  if (d->frame_inputs < 1 || d->frame_inputs > 1024 || d->convolutions < 1 || d->features > 1 ||
      d->convolutions > WF_MAX_CONVOLUTIONS || d->feature_norm > 1 || !is_epsilon(d->feature_norm_epsilon))
    return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < d->convolutions; i++) {
    const wf_convolution_description *c = &d->frame[i];
    int sizes = c->outputs >= 1 && c->outputs <= 8192 && c->kernel >= 1 && c->kernel <= 64 &&
                c->stride >= 1 && c->stride <= 64 && c->padding < c->kernel;
    if (!sizes || c->norm > (i ? WF_FRAME_NORM_ROWS : WF_FRAME_NORM_TIME) ||
        c->activation >= WF_ACTIVATION_COUNT)
      return WF_ERROR_ARGUMENT;
  }
  if (d->frame[d->convolutions - 1].outputs != d->table_width) return WF_ERROR_SHAPE;
  if (p->count == 0) return p->norm || p->weight_norm ? WF_ERROR_ARGUMENT : WF_OK;
  if (p->count > 16 || p->kernel < 1 || p->kernel > 1024 || p->groups < 1 || p->norm > 1 ||
      p->weight_norm > 1 || p->activation >= WF_ACTIVATION_COUNT)
    return WF_ERROR_ARGUMENT;
  if (p->weight_norm && p->count > 1) return WF_ERROR_UNSUPPORTED;
  return d->width % p->groups ? WF_ERROR_SHAPE : WF_OK;
}

static uint32_t check_stem(const wf_encoder_description *d) {
  int sizes = d->width >= 1 && d->width <= 8192 && d->vocabulary <= 1u << 20 && d->positions <= 65536 &&
              d->types <= 65536 && d->channels <= 16 && d->patch_height <= 1024 && d->patch_width <= 1024 &&
              d->stride_height <= 1024 && d->stride_width <= 1024 && d->prefix <= 1024 &&
              d->prefix_positions <= d->prefix && d->table_width >= 1 && d->table_width <= 8192 &&
              d->projection <= 1 && d->dropped_token <= d->vocabulary && d->relative_norm <= 1;
  int choices = d->tile < WF_TILE_COUNT && d->stem <= WF_STEM_FRAMES && d->norm_form <= WF_NORM_RMS &&
                d->embedding_norm <= 3 && d->final_norm <= WF_FINAL_NORM_POOLED &&
                d->merge_form <= WF_MERGE_NORM_LAST;
  int convolution = d->convolution == 0 || (d->convolution % 2 && d->convolution <= 63 && d->layers);
  int epsilons = is_epsilon(d->embedding_norm_epsilon) && is_epsilon(d->final_norm_epsilon) &&
                 is_epsilon(d->merge_norm_epsilon) && is_epsilon(d->relative_norm_epsilon);
  if (!sizes || !choices || !epsilons || !convolution || d->convolution_activation >= WF_ACTIVATION_COUNT)
    return WF_ERROR_ARGUMENT;
  if (d->stem == WF_STEM_TOKENS && d->vocabulary == 0) return WF_ERROR_ARGUMENT;
  if (!(d->token_scale >= 0.0f && d->token_scale <= 1e6f)) return WF_ERROR_ARGUMENT;
  int empty = !d->channels || !d->patch_height || !d->patch_width || !d->stride_height || !d->stride_width;
  if (d->stem == WF_STEM_PATCHES && empty) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < WF_MAX_ROTARIES; i++) {
    const wf_rotary_description *r = &d->rotary[i];
    if (r->map > 1 || (r->map && r->base > 0.0f)) return WF_ERROR_ARGUMENT;
    if (r->pairs > 512 || !(r->base >= 0.0f && r->base <= 1e12f)) return WF_ERROR_ARGUMENT;
    if (r->pairs && !(r->gain > 0.0f && r->gain <= 1e6f)) return WF_ERROR_ARGUMENT;
  }
  if (d->dtype != WF_F32 && d->dtype != WF_INT8_WORDS && d->dtype != wf_int8_dtype())
    return WF_ERROR_UNSUPPORTED;
  int tokens = d->stem == WF_STEM_TOKENS, sound = d->stem == WF_STEM_FRAMES;
  WF_TRY(check_frames(d));
  if (d->table_width != d->width && !d->projection) return WF_ERROR_SHAPE;
  if (!tokens && !sound && (d->projection || d->embedding_norm == 3)) return WF_ERROR_UNSUPPORTED;
  if (sound && d->embedding_norm && d->embedding_norm != 3) return WF_ERROR_UNSUPPORTED;
  if (!tokens && (d->convolution || d->dropped_token)) return WF_ERROR_UNSUPPORTED;
  int overlap = d->stride_height != d->patch_height || d->stride_width != d->patch_width;
  if (wf_is_windowed(d) && (overlap || d->prefix)) return WF_ERROR_UNSUPPORTED;
  int embeds = tokens || sound || d->stem == WF_STEM_PATCHES;
  if (d->embedding_norm && !embeds) return WF_ERROR_UNSUPPORTED;
  if (d->embedding_norm == 2 && (d->stem != WF_STEM_PATCHES || d->prefix)) return WF_ERROR_UNSUPPORTED;
  return wf_is_windowed(d) && d->stem != WF_STEM_PATCHES ? WF_ERROR_UNSUPPORTED : WF_OK;
}

static uint32_t check_head(const wf_encoder_description *d, const wf_head_description *h) {
  int sizes = h->inputs >= 1 && h->inputs <= 65536 && h->outputs >= 1 && h->outputs <= 1u << 20;
  int choices = h->activation < WF_ACTIVATION_COUNT && h->norm <= 1 && h->tied <= 1 && h->bare <= 1;
  if (!sizes || !choices || !is_epsilon(h->norm_epsilon)) return WF_ERROR_ARGUMENT;
  int fits = h->inputs == d->table_width && h->outputs == d->vocabulary && !h->norm && !h->activation;
  if (h->bare && (h->inputs != h->outputs || !h->norm || h->activation || h->tied)) return WF_ERROR_SHAPE;
  return h->tied && !fits ? WF_ERROR_SHAPE : WF_OK;
}

uint32_t wf_check_description(const wf_encoder_description *d) {
  if (d->head_count > WF_MAX_HEADS) return WF_ERROR_ARGUMENT;
  WF_TRY(check_layers(d));
  WF_TRY(check_pool(d));
  WF_TRY(check_stem(d));
  for (uint32_t i = 0; i < d->head_count; i++) WF_TRY(check_head(d, &d->head[i]));
  return WF_OK;
}
