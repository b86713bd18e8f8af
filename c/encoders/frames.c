/* The stem of sound: convolutions over time turn samples or the frames of a spectrogram into rows, which a linear layer brings to
 * the model's width; positions are a table, or convolutions over the rows themselves. Reference: transformers' encoders of
 * Whisper, Wav2Vec2 and Data2VecAudio.
 *
 * A piece of rows at a time goes through all convolutions: what stands between them never grows with the sound. */
#include "encoder.h"

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

/* Mean and 1 / deviation of each channel of the first convolution over all its outputs. */
static void measure_channels(wf_encoder *e, const source *sound) {
  const wf_convolution_description *c = &e->description.frame[0];
  wf_scratch *s = &e->scratch;
  uint32_t outputs = c->outputs,
           count = (uint32_t)((sound->length + 2 * c->padding - c->kernel) / c->stride + 1);
  double *sums = s->frame_sums;
  for (uint32_t i = 0; i < 2 * outputs; i++) sums[i] = 0.0;
  for (uint32_t first = 0; first < count; first += s->frame_rows) {
    uint32_t n = smaller(s->frame_rows, count - first);
    convolve(e, s->frames[0], outputs, sound, &e->weights.frames[0].linear, c->kernel, c->stride, c->padding,
             first, n, WF_IDENTITY);
    for (size_t i = 0; i < (size_t)n * outputs; i++) {
      double x = (double)s->frames[0][i];
      sums[i % outputs] += x;
      sums[outputs + i % outputs] += x * x;
    }
  }
  for (uint32_t i = 0; i < outputs; i++) {
    double mean = sums[i] / count, variance = sums[outputs + i] / count - mean * mean;
    float spread = (float)(variance > 0.0 ? variance : 0.0) + e->weights.frames[0].norm.epsilon;
    s->frame_mean[i] = (float)mean;
    s->frame_mean[outputs + i] = 1.0f / wf_sqrt(wf_splat(spread))[0];
  }
}

/* Rows first .. first + count - 1 behind all convolutions; returns where they stand. */
static const float *run_convolutions(wf_encoder *e, const source *sound, uint32_t first, uint32_t count) {
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
  for (uint32_t i = 0; i < last; i++) {
    run_convolution(e, i, &read, (uint32_t)from[i + 1], (uint32_t)to[i + 1]);
    read = (source){e->scratch.frames[i % 2], 1, d->frame[i].outputs, from[i + 1], length[i + 1]};
  }
  return e->scratch.frames[(last - 1) % 2];
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

/* x += the rows of a sequence behind the convolutions over them, from x [length][D]. `rows` are those with what the mask left
 * out, where zeros enter the first of several convolutions: what leaves it reaches the others. */
static void add_positions(wf_encoder *e, float *x, uint32_t length, uint32_t rows) {
  const wf_encoder_description *d = &e->description;
  const wf_position_description *p = &d->position;
  const uint32_t width = d->width, groups = p->groups, outputs = width / groups;
  wf_scratch *s = &e->scratch;
  float *read = s->next, *write = s->other;
  if (p->count == 1) rows = length;
  __builtin_memcpy(read, x, (size_t)length * width * sizeof(float));
  for (size_t i = (size_t)length * width; i < (size_t)rows * width; i++) read[i] = 0.0f;
  for (uint32_t i = 0; i < p->count; i++) {
    const source all = {read, 1, width, 0, rows};
    for (uint32_t g = 0; g < groups; g++) {
      source group = all;
      group.x += (size_t)g * outputs;
      convolve(e, write + (size_t)g * outputs, width, &group, &e->weights.positional[i * groups + g],
               p->kernel, 1, p->kernel / 2, 0, rows, WF_IDENTITY);
    }
    if (p->norm) wf_norm_rows(write, &e->weights.position_norm, NULL, 0, rows);
    activate(write, (uint64_t)rows * width, (wf_activation)p->activation);
    float *old = read;
    read = write;
    write = old;
  }
  for (size_t i = 0; i < (size_t)length * width; i++) x[i] += read[i];
}

/* ---- The stem */

uint32_t wf_encoder_begin_frames(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                 uint32_t frames, uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  WF_TRY(wf_ready(encoder));
  s->rows = 0;
  if (d->stem != WF_STEM_FRAMES || sequences == 0) return WF_ERROR_ARGUMENT;
  uint32_t all = wf_frames_length(d, frames);
  if (sequences > s->max_rows || (d->position.count && all > s->max_rows)) return WF_ERROR_MEMORY;
  for (uint32_t i = 0; i < sequences; i++) {
    if (lengths[i] > frames) return WF_ERROR_ARGUMENT;
    s->lengths[i] = wf_frames_length(d, lengths[i]);
    if (d->positions && s->lengths[i] > d->positions) return WF_ERROR_SHAPE;
  }
  WF_TRY(wf_begin(encoder, WF_STEM_FRAMES, s->lengths, sequences));
  float *out = s->x;
  for (uint32_t i = 0, row = 0; i < sequences; i++) {
    const float *own = x + (size_t)i * d->frame_inputs * frames;
    source sound = {own, frames, 1, 0, frames};
    uint32_t length = s->lengths[i];
    if (d->frame[0].norm == WF_FRAME_NORM_TIME) measure_channels(encoder, &sound);
    sound.length = d->frame[0].norm == WF_FRAME_NORM_TIME ? frames : lengths[i];
    for (uint32_t first = 0; first < length; first += s->frame_piece) {
      uint32_t count = smaller(s->frame_piece, length - first);
      run_convolutions(encoder, &sound, first, count);
      place_rows(encoder, s->frames[(d->convolutions - 1) % 2], row + first, count);
    }
    const float *table = encoder->weights.positions.values;
    for (size_t k = 0; d->positions && k < (size_t)length * d->width; k++) out[k] += table[k];
    if (d->position.count) add_positions(encoder, out, length, all);
    row += length;
    out += (size_t)length * d->width;
  }
  wf_norm_embeddings(encoder, 3);
  return WF_OK;
}

const float *wf_encoder_features(const wf_encoder *encoder) {
  return encoder->magic == WF_ENCODER_MAGIC ? encoder->scratch.features : NULL;
}
