/* The stem of sound: convolutions over time turn samples or the frames of a spectrogram into rows, which a linear layer brings to
 * the model's width; positions are a table, or convolutions over the rows themselves. Reference: transformers' encoders of
 * Whisper, Wav2Vec2 and Data2VecAudio.
 *
 * A piece of rows at a time goes through all convolutions: what stands between them never grows with the sound. */
#include "encoder.h"

/* The parts of a sound's way into the model. */
enum { SOUND_CHANNELS, SOUND_ROWS, SOUND_POSITIONS, SOUND_ENDS };

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

uint32_t wf_frames_length(const wf_encoder_description *d, uint32_t frames) {
  for (uint32_t i = 0; i < d->convolutions; i++) {
    const wf_convolution_description *c = &d->frame[i];
    uint64_t padded = (uint64_t)frames + 2 * (uint64_t)c->padding;
    if (padded < c->kernel) return 0;
    frames = (uint32_t)((padded - c->kernel) / c->stride + 1);
  }
  return frames;
}

uint32_t wf_encoder_frames_length(const wf_encoder *encoder, uint32_t frames) {
  return encoder->magic == WF_ENCODER_MAGIC ? wf_frames_length(&encoder->description, frames) : 0;
}

/* ---- One convolution */

/* What a convolution reads: `length` places in time, each of `inputs` values; `x` has those from `first` on. */
typedef struct source {
  const float *x;
  size_t of_input, of_time;
  int64_t first, length;
} source;

/* The values of one output: [inputs][kernel], as the weight has them. */
static void gather(float *line, const source *s, uint32_t inputs, uint32_t kernel, int64_t from) {
  for (uint32_t k = 0; k < kernel; k++) {
    int64_t at = from + k;
    int inside = at >= 0 && at < s->length;
    const float *x = s->x + (size_t)(inside ? at - s->first : 0) * s->of_time;
    for (uint32_t i = 0; i < inputs; i++)
      line[(size_t)i * kernel + k] = inside ? x[(size_t)i * s->of_input] : 0.0f;
  }
}

/* Outputs first .. first + count - 1 of a convolution into rows of `width` columns. */
static void convolve(wf_encoder *e, float *out, uint32_t width, const source *from, const wf_linear *linear,
                     uint32_t kernel, uint32_t stride, uint32_t padding, uint32_t first, uint32_t count,
                     wf_activation activation) {
  const wf_scratch *s = &e->scratch;
  const wf_workspace *work = s->work;
  const uint32_t size = linear->inputs, step = work->tile->rows;
  const uint32_t most = (uint32_t)(s->packed_floats / size) / step * step;
  for (uint32_t done = 0; done < count; done += most) {
    uint32_t n = smaller(most, count - done);
    for (uint32_t i = 0; i < n; i += step) {
      const float *lines[WF_TILE_MAX_ROWS];
      uint32_t rows = smaller(step, n - i);
      for (uint32_t r = 0; r < rows; r++) {
        float *line = work->lines + (size_t)r * size;
        lines[r] = line;
        gather(line, from, size / kernel, kernel, (int64_t)(first + done + i + r) * stride - padding);
      }
      wf_pack_rows(s->packed + (size_t)i * size, lines, rows, size, step);
    }
    wf_sink sink = wf_sink_rows(out + (size_t)done * width, width, activation);
    wf_linear_forward(work, &sink, s->packed, linear, n, 0, wf_linear_blocks(linear, work->tile));
  }
}

/* ---- The convolutions over time */

static void activate(float *x, uint64_t count, wf_activation activation) {
  for (uint64_t i = 0; activation != WF_IDENTITY && i < count; i += 1024)
    wf_f32_activation(x + i, count - i < 1024 ? (uint32_t)(count - i) : 1024, activation);
}

/* Outputs first .. end - 1 of convolution `index`, normalised and activated, into scratch. */
static void run_convolution(wf_encoder *e, uint32_t index, const source *from, uint32_t first, uint32_t end) {
  const wf_convolution_description *c = &e->description.frame[index];
  const wf_frame *frame = &e->weights.frames[index];
  wf_activation activation = (wf_activation)c->activation;
  float *out = e->scratch.frames[index % 2];
  uint32_t count = end - first;
  convolve(e, out, c->outputs, from, &frame->linear, c->kernel, c->stride, c->padding, first, count,
           c->norm ? WF_IDENTITY : activation);
  if (c->norm == WF_FRAME_NORM_ROWS) wf_norm_rows(out, &frame->norm, NULL, 0, count);
  for (uint32_t t = 0; c->norm == WF_FRAME_NORM_TIME && t < count; t++) {
    float *row = out + (size_t)t * c->outputs;
    const float *mean = e->scratch.frame_mean, *inverse = mean + c->outputs;
    for (uint32_t i = 0; i < c->outputs; i++)
      row[i] = (row[i] - mean[i]) * inverse[i] * frame->norm.weight[i] + frame->norm.bias[i];
  }
  if (c->norm) activate(out, (uint64_t)count * c->outputs, activation);
}

/* The next piece of the sums of each channel of the first convolution over all its outputs; behind the last, mean and 1 / deviation. */
static uint64_t measure_channels(wf_encoder *e, const source *sound) {
  const wf_convolution_description *c = &e->description.frame[0];
  wf_scratch *s = &e->scratch;
  wf_sound *at = &s->sound;
  uint32_t outputs = c->outputs,
           count = (uint32_t)((sound->length + 2 * c->padding - c->kernel) / c->stride + 1);
  uint32_t n = smaller(s->frame_rows, count - at->done);
  double *sums = s->frame_sums;
  for (uint32_t i = 0; at->done == 0 && i < 2 * outputs; i++) sums[i] = 0.0;
  convolve(e, s->frames[0], outputs, sound, &e->weights.frames[0].linear, c->kernel, c->stride, c->padding,
           at->done, n, WF_IDENTITY);
  for (size_t i = 0; i < (size_t)n * outputs; i++) {
    double x = (double)s->frames[0][i];
    sums[i % outputs] += x;
    sums[outputs + i % outputs] += x * x;
  }
  at->done += n;
  if (at->done == count) {
    for (uint32_t i = 0; i < outputs; i++) {
      double mean = sums[i] / count, variance = sums[outputs + i] / count - mean * mean;
      float spread = (float)(variance > 0.0 ? variance : 0.0) + e->weights.frames[0].norm.epsilon;
      s->frame_mean[i] = (float)mean;
      s->frame_mean[outputs + i] = 1.0f / wf_sqrt(wf_splat(spread))[0];
    }
    at->part = SOUND_ROWS;
    at->done = 0;
  }
  return (uint64_t)n * outputs * (4 + e->weights.frames[0].linear.inputs);
}

/* Rows first .. first + count - 1 behind all convolutions, in the last one's scratch; returns the multiplications. */
static uint64_t run_convolutions(wf_encoder *e, const source *sound, uint32_t first, uint32_t count) {
  const wf_encoder_description *d = &e->description;
  int64_t from[WF_MAX_CONVOLUTIONS + 1], to[WF_MAX_CONVOLUTIONS + 1], length[WF_MAX_CONVOLUTIONS + 1];
  uint32_t last = d->convolutions;
  length[0] = sound->length;
  for (uint32_t i = 0; i < last; i++)
    length[i + 1] = (length[i] + 2 * d->frame[i].padding - d->frame[i].kernel) / d->frame[i].stride + 1;
  from[last] = first;
  to[last] = (int64_t)first + count;
  for (uint32_t i = last; i-- > 0;) {
    const wf_convolution_description *c = &d->frame[i];
    from[i] = from[i + 1] * c->stride - c->padding;
    to[i] = (to[i + 1] - 1) * c->stride - c->padding + c->kernel;
    if (from[i] < 0) from[i] = 0;
    if (to[i] > length[i]) to[i] = length[i];
  }
  source read = *sound;
  uint64_t cost = 0;
  for (uint32_t i = 0; i < last; i++) {
    run_convolution(e, i, &read, (uint32_t)from[i + 1], (uint32_t)to[i + 1]);
    cost += (uint64_t)(to[i + 1] - from[i + 1]) * d->frame[i].outputs * e->weights.frames[i].linear.inputs;
    read = (source){e->scratch.frames[i % 2], 1, d->frame[i].outputs, from[i + 1], length[i + 1]};
  }
  return cost;
}

/* ---- Rows of the model's width */

/* Rows behind the convolutions become rows row .. row + count - 1 of the block. */
static void place_rows(wf_encoder *e, float *rows, uint32_t row, uint32_t count) {
  const wf_encoder_description *d = &e->description;
  const wf_linear *linear = &e->weights.projection;
  wf_scratch *s = &e->scratch;
  if (d->feature_norm) wf_norm_rows(rows, &e->weights.feature_norm, NULL, 0, count);
  if (s->features)
    __builtin_memcpy(s->features + (size_t)row * d->table_width, rows,
                     (size_t)count * d->table_width * sizeof(float));
  float *x = s->x + (size_t)row * d->width;
  if (!d->projection) {
    __builtin_memcpy(x, rows, (size_t)count * d->width * sizeof(float));
    return;
  }
  wf_sink out = wf_sink_rows(x, d->width, WF_IDENTITY);
  wf_pack(s->work, s->packed, rows, NULL, NULL, linear, count, 0, wf_row_panels(s->work->tile, count));
  wf_linear_forward(s->work, &out, s->packed, linear, count, 0, wf_linear_blocks(linear, s->work->tile));
}

/* The next convolution over the rows x [length][D] of a sequence, one group of channels of it; behind the last, what they give is
 * added to x. `rows` are those with what the mask left out, where zeros enter the first of several convolutions: what leaves it
 * reaches the others. */
static uint64_t add_positions(wf_encoder *e, float *x, uint32_t length, uint32_t rows) {
  const wf_position_description *p = &e->description.position;
  wf_scratch *s = &e->scratch;
  const uint32_t width = e->description.width, outputs = width / p->groups;
  const uint32_t index = s->sound.done / p->groups, group = s->sound.done % p->groups;
  float *read = index % 2 ? s->other : s->next, *write = index % 2 ? s->next : s->other;
  if (p->count == 1) rows = length;
  if (s->sound.done == 0) {
    __builtin_memcpy(read, x, (size_t)length * width * sizeof(float));
    for (size_t i = (size_t)length * width; i < (size_t)rows * width; i++) read[i] = 0.0f;
  }
  const wf_linear *linear = &e->weights.positional[s->sound.done];
  const source from = {read + (size_t)group * outputs, 1, width, 0, rows};
  convolve(e, write + (size_t)group * outputs, width, &from, linear, p->kernel, 1, p->kernel / 2, 0, rows,
           WF_IDENTITY);
  s->sound.done++;
  if (group + 1 == p->groups) {
    if (p->norm) wf_norm_rows(write, &e->weights.position_norm, NULL, 0, rows);
    activate(write, (uint64_t)rows * width, (wf_activation)p->activation);
  }
  if (s->sound.done == p->count * p->groups) {
    for (size_t i = 0; i < (size_t)length * width; i++) x[i] += write[i];
    s->sound.part = SOUND_ENDS;
  }
  return (uint64_t)rows * outputs * linear->inputs;
}

/* ---- The stem */

/* The part that a sound begins with. */
static void begin_sound(wf_encoder *e) {
  const int measures = e->description.frame[0].norm == WF_FRAME_NORM_TIME;
  e->scratch.sound.part = measures ? SOUND_CHANNELS : SOUND_ROWS;
  e->scratch.sound.done = 0;
}

uint64_t wf_run_sound(wf_encoder *e) {
  const wf_encoder_description *d = &e->description;
  wf_scratch *s = &e->scratch;
  wf_sound *at = &s->sound;
  const uint32_t length = s->lengths[at->sequence];
  float *x = s->x + (size_t)at->row * d->width;
  source sound = {at->x + (size_t)at->sequence * d->frame_inputs * at->frames, at->frames, 1, 0, at->frames};
  uint64_t cost = 0;
  if (d->frame[0].norm != WF_FRAME_NORM_TIME) sound.length = at->lengths[at->sequence];
  if (at->part == SOUND_CHANNELS) {
    cost = measure_channels(e, &sound);
  } else if (at->part == SOUND_ROWS) {
    uint32_t count = smaller(s->frame_piece, length - at->done);
    cost = run_convolutions(e, &sound, at->done, count);
    place_rows(e, s->frames[(d->convolutions - 1) % 2], at->row + at->done, count);
    at->done += count;
    if (at->done < length) return cost;
    const float *table = e->weights.positions.values;
    for (size_t i = 0; d->positions && i < (size_t)length * d->width; i++) x[i] += table[i];
    at->part = d->position.count ? SOUND_POSITIONS : SOUND_ENDS;
    at->done = 0;
  } else {
    cost = add_positions(e, x, length, wf_frames_length(d, at->frames));
  }
  if (at->part != SOUND_ENDS) return cost;
  at->row += length;
  if (++at->sequence < s->count) {
    begin_sound(e);
    return cost;
  }
  at->x = NULL;
  wf_norm_embeddings(e, 3);
  return cost;
}

uint32_t wf_encoder_begin_frames(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                 uint32_t frames, uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  WF_TRY(wf_ready(encoder));
  s->rows = 0;
  if (d->stem != WF_STEM_FRAMES || sequences == 0 || !x) return WF_ERROR_ARGUMENT;
  uint32_t all = wf_frames_length(d, frames);
  if (sequences > s->max_rows || (d->position.count && all > s->max_rows)) return WF_ERROR_MEMORY;
  for (uint32_t i = 0; i < sequences; i++) {
    if (lengths[i] > frames) return WF_ERROR_ARGUMENT;
    s->lengths[i] = wf_frames_length(d, lengths[i]);
    if (d->positions && s->lengths[i] > d->positions) return WF_ERROR_SHAPE;
  }
  WF_TRY(wf_begin(encoder, WF_STEM_FRAMES, s->lengths, sequences));
  s->sound = (wf_sound){.x = x, .frames = frames, .lengths = s->heard};
  for (uint32_t i = 0; i < sequences; i++) s->heard[i] = lengths[i];
  begin_sound(encoder);
  return WF_OK;
}

const float *wf_encoder_features(const wf_encoder *encoder) {
  return encoder->magic == WF_ENCODER_MAGIC ? encoder->scratch.features : NULL;
}
