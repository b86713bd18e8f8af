/* Encoders of sounds against their twin in double precision: convolutions over samples and spectra, norms over rows and over time,
 * positions of a table and of convolutions, gated biases, sounds of which a mask leaves out the end. The same bits in every tile,
 * for a sound alone, and whatever stands behind the end where norms are of rows. */
#include "check.h"
#include "model.h"
#include "twin.h"

enum { WHISPER, WAV2VEC2, STABLE, DATA2VEC, WAVLM, MODELS };

static const wf_kind_description KIND = {.heads = 2,
                                         .head_width = 6,
                                         .inner = 17,
                                         .activation = WF_GELU,
                                         .norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
                                         .norm_epsilon = 1e-5f,
                                         .score_scale = 0.4f};

/* Two convolutions of a spectrum, the second of which halves it. */
static wf_encoder_description of_spectra(void) {
  wf_encoder_description d = {
      .stem = WF_STEM_FRAMES,
      .layers = 2,
      .width = 12,
      .kind = {KIND},
      .frame_inputs = 5,
      .convolutions = 2,
      .frame = {{12, 3, 1, 1, WF_FRAME_NORM_NONE, WF_GELU}, {12, 3, 2, 1, WF_FRAME_NORM_NONE, WF_GELU}},
      .positions = 22,
      .final_norm = 1,
      .final_norm_epsilon = 1e-5f};
  d.kind[0].norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD;
  return describe(d);
}

static wf_encoder_description of_samples(int model) {
  uint32_t norm = model == WAV2VEC2 ? WF_FRAME_NORM_TIME : WF_FRAME_NORM_ROWS;
  uint32_t rest = model == WAV2VEC2 ? WF_FRAME_NORM_NONE : WF_FRAME_NORM_ROWS;
  wf_encoder_description d = {
      .stem = WF_STEM_FRAMES,
      .layers = 2,
      .width = 12,
      .kind = {KIND},
      .frame_inputs = 1,
      .convolutions = 3,
      .frame = {{7, 10, 5, 0, norm, WF_GELU}, {9, 3, 2, 0, rest, WF_GELU}, {8, 2, 2, 0, rest, WF_TANH}},
      .table_width = 8,
      .projection = 1,
      .features = 1,
      .feature_norm = 1,
      .feature_norm_epsilon = 1e-5f,
      .position = {.count = 1, .kernel = 8, .groups = 3, .activation = WF_GELU, .weight_norm = 1},
      .embedding_norm = 3,
      .embedding_norm_epsilon = 1e-5f};
  if (model == STABLE) {
    d.kind[0].norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD;
    d.embedding_norm = 0;
    d.final_norm = 1;
    d.final_norm_epsilon = 1e-5f;
    d.position.kernel = 7;
    d.position.groups = 1;
  }
  if (model == DATA2VEC) {
    d.position = (wf_position_description){
        .count = 3, .kernel = 5, .groups = 2, .norm = 1, .activation = WF_GELU, .weight_norm = 0};
  }
  if (model == WAVLM) {
    d.kind[0].bias = WF_BIAS_DISTANCE;
    d.kind[0].bias_buckets = 8;
    d.kind[0].bias_reach = 12;
    d.kind[0].bias_gated = 1;
  }
  d = describe(d);
  if (model == WAVLM) d.layer_bias[1] = 0;
  return d;
}

enum { SOUNDS = 3 };

/* The batch of a model: sounds of `frames` frames, of which `kept` count, and what the twin's stem makes of each. */
static batch sounds_of(const model *m, const float *sound, uint32_t frames, const uint32_t *kept,
                       uint32_t count, double *features) {
  const wf_encoder_description *d = &m->description;
  uint32_t lengths[SOUNDS], row = 0, size = d->frame_inputs * frames;
  for (uint32_t s = 0; s < count; s++) lengths[s] = wf_encoder_frames_length(m->encoder, kept[s]);
  batch b = make_batch(d, lengths, count);
  b.sound = sound;
  b.frames = frames;
  memcpy(b.kept, kept, count * sizeof *kept);
  if (!features) return b;
  size_t doubles = wf_reference_frames_scratch(d, frames);
  double *scratch[2] = {check_doubles(doubles), check_doubles(doubles)};
  double *x = check_doubles((size_t)b.rows * d->width);
  uint32_t groups = d->position.count ? d->position.groups : 1;
  float *weight = check_floats((size_t)d->width * (d->width / groups) * (d->position.kernel + 1));
  for (uint32_t s = 0; s < count; row += lengths[s++])
    wf_reference_embed_frames(x + (size_t)row * d->width, features + (size_t)row * d->table_width, scratch,
                              weight, d, &m->weights, sound + (size_t)s * size, frames, lengths[s]);
  for (size_t i = 0; i < (size_t)b.rows * d->width; i++) b.embeddings[i] = (float)x[i];
  for (int i = 0; i < 2; i++) free(scratch[i]);
  free(x);
  free(weight);
  return b;
}

/* Each sound alone has the bits that it has in the batch. */
static void check_each_alone(model *m, const batch *all, const trace *t) {
  const wf_encoder_description *d = &m->description;
  size_t row = 0;
  for (uint32_t s = 0; s < all->count; row += all->lengths[s++]) {
    batch one = sounds_of(m, all->sound + (size_t)s * d->frame_inputs * all->frames, all->frames,
                          all->kept + s, 1, NULL);
    trace alone = run_model(m, &one);
    for (uint32_t layer = 0; layer <= d->layers + 1; layer++)
      CHECK(check_same(alone.hidden + layer * alone.in_hidden,
                       t->hidden + layer * t->in_hidden + row * d->width, alone.in_hidden),
            "alone: tile %u sound %u layer %u", d->tile, s, layer);
    free_trace(&alone);
    free_batch(&one);
  }
}

/* The stem in one call has the bits that it has in steps; nothing is finished before its rows are there. */
static void check_at_once(model *m, const batch *b, const trace *t) {
  CHECK(wf_encoder_begin_frames(m->encoder, b->sound, b->kept, b->frames, b->count) == WF_OK, "begin");
  CHECK(wf_encoder_finish(m->encoder) == WF_ERROR_STATE, "finished before the stem");
  CHECK(run_to(m, NULL, 0) == WF_OK, "the stem");
  CHECK(check_same(wf_encoder_hidden(m->encoder), t->hidden, t->in_hidden), "at once");
}

static void check_sounds(series *series, check_worst *made, wf_encoder_description d, uint32_t frames,
                         const uint32_t kept[SOUNDS]) {
  trace first = {0};
  uint64_t seed = 77 + frames;
  float *sound = check_randoms(&seed, (size_t)SOUNDS * d.frame_inputs * frames, 1.0f);
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    d.tile = tile;
    model m = ready_model(&d, 3 * (frames + 40), frames + 40);
    double *features = check_doubles((size_t)SOUNDS * frames * d.table_width);
    batch b = sounds_of(&m, sound, frames, kept, SOUNDS, features);
    trace t = run_model(&m, &b);
    const float *got = wf_encoder_features(m.encoder);
    for (size_t i = 0; d.features && i < (size_t)b.rows * d.table_width; i++)
      CHECK_ERROR(made, fabs((double)got[i] - features[i]), "tile %u frames %u", tile, frames);
    if (tile == 0) for_each_sequence(series, &m, &b, &t);
    check_each_alone(&m, &b, &t);
    check_at_once(&m, &b, &t);
    if (tile == 0) first = t;
    CHECK(same_trace(&t, &first, d.layers), "other bits: tile %u frames %u", tile, frames);
    if (tile > 0) free_trace(&t);
    free(features);
    free_batch(&b);
    check_weights_come_back(&m);
    free_model(&m);
  }
  free_trace(&first);
  free(sound);
}

/* Rows by the thousand go through the convolutions in pieces. */
static void test_pieces(series *series, check_worst *made) {
  wf_encoder_description d = of_samples(WAV2VEC2);
  d.layers = 0;
  const uint32_t kept[SOUNDS] = {24000, 20701, 60};
  check_sounds(series, made, d, 24000, kept);
}

static void test_errors(void) {
  wf_encoder_description d = of_samples(STABLE);
  model m = ready_model(&d, 60, 60);
  float sound[200] = {0};
  uint32_t length = 200, more = 201, least = 0;
  while (!wf_encoder_frames_length(m.encoder, least)) least++;
  CHECK(least == 30, "least length %u", least);
  CHECK(wf_encoder_begin_frames(m.encoder, sound, &length, 200, 0) == WF_ERROR_ARGUMENT, "no sounds");
  CHECK(wf_encoder_begin_frames(m.encoder, sound, &more, 200, 1) == WF_ERROR_ARGUMENT, "a length beyond");
  length = least - 1;
  CHECK(wf_encoder_begin_frames(m.encoder, sound, &length, 200, 1) == WF_ERROR_ARGUMENT, "too short");
  CHECK(wf_encoder_begin_tokens(m.encoder, &length, NULL, NULL, &length, 1) == WF_ERROR_ARGUMENT, "tokens");
  length = 200;
  CHECK(wf_encoder_begin_frames(m.encoder, sound, &length, 200, 1) == WF_OK, "begin");
  free_model(&m);
  d = of_spectra();
  m = ready_model(&d, 60, 60);
  length = 46;
  CHECK(wf_encoder_begin_frames(m.encoder, sound, &length, 46, 1) == WF_ERROR_SHAPE, "beyond positions");
  free_model(&m);
}

int main(void) {
  series sounds = {
      {.name = "hidden states of sounds", .limit = 1e-5}, {.name = "their attention maps", .limit = 3e-6}, 1};
  check_worst made = {.name = "features", .limit = 1e-5};
  for (int m = WAV2VEC2; m < MODELS; m++) {
    static const uint32_t kept[][SOUNDS] = {{137, 137, 137}, {400, 251, 30}};
    check_sounds(&sounds, &made, of_samples(m), 137, kept[0]);
    check_sounds(&sounds, &made, of_samples(m), 400, kept[1]);
  }
  static const uint32_t whole[SOUNDS] = {44, 44, 44};
  check_sounds(&sounds, &made, of_spectra(), 44, whole);
  test_pieces(&sounds, &made);
  test_errors();
  report_series(&sounds);
  check_report(&made);
  return check_finish();
}
