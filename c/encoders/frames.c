/* The stem of sound: convolutions over time turn samples or the frames of a spectrogram into rows, which a linear layer brings to
 * the model's width; positions are a table, or convolutions over the rows themselves. Reference: transformers' encoders of
 * Whisper, Wav2Vec2 and Data2VecAudio.
 *
 * A piece of rows at a time goes through all convolutions: what stands between them never grows with the sound. The work is
 * done in small steps, of which a run takes as many as it may. */
#include "encoder.h"
#include <assert.h>

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

static int64_t outputs_of(const wf_convolution_description *c, int64_t frames) {
  int64_t room = frames + 2 * (int64_t)c->padding - c->kernel;
  return room < 0 ? 0 : room / c->stride + 1;
}

uint32_t wf_frames_length(const wf_encoder_description *d, uint32_t frames) {
  int64_t length = frames;
  for (uint32_t i = 0; i < d->convolutions && length; i++) length = outputs_of(&d->frame[i], length);
  return (uint32_t)length;
}

uint32_t wf_encoder_frames_length(const wf_encoder *encoder, uint32_t frames) {
  return encoder->magic == WF_ENCODER_MAGIC ? wf_frames_length(&encoder->description, frames) : 0;
}

/* ---- One convolution */

/* What a convolution reads: `length` places in time, each of `inputs` values; x has those from `first` on, zeros lie beyond the
 * ends. */
typedef struct source {
  const float *x;
  uint32_t inputs;
  size_t of_input, of_time; /* from one value to the next, from one place to the next */
  int64_t first, length;
} source;

/* One window, place by place of the kernel, zeros beyond the ends. */
static void gather(float *line, const source *f, uint32_t kernel, int64_t from) {
  for (uint32_t k = 0; k < kernel; k++, line += f->inputs) {
    int64_t at = from + k;
    int inside = at >= 0 && at < f->length;
    const float *x = f->x + (size_t)(inside ? at - f->first : 0) * f->of_time;
    for (uint32_t i = 0; i < f->inputs; i++) line[i] = inside ? x[(size_t)i * f->of_input] : 0.0f;
  }
}

/* Packs `count` windows of `kernel` places, [kernel][inputs], into panels of A: the first begins at place `from`, each other
 * `stride` places on. */
static void pack_windows(const wf_workspace *work, float *panels, const source *frames, uint32_t kernel,
                         uint32_t stride, int64_t from, uint32_t count) {
  const uint32_t step = work->tile->rows, size = frames->inputs * kernel;
  const int whole = frames->of_time == frames->inputs && (frames->of_input == 1 || frames->inputs == 1);
  for (uint32_t i = 0; i < count; i += step) {
    const float *lines[WF_TILE_MAX_ROWS];
    uint32_t rows = count - i < step ? count - i : step;
    for (uint32_t r = 0; r < rows; r++, from += stride) {
      float *line = work->lines + (size_t)r * size;
      lines[r] = line;
      if (whole && from >= 0 && from + kernel <= frames->length)
        lines[r] = frames->x + (size_t)(from - frames->first) * frames->of_time;
      else
        gather(line, frames, kernel, from);
    }
    wf_pack_rows(panels + (size_t)i * size, lines, rows, size, step);
  }
}

/* Adds the rows of x [rows][width], and their squares, to the sums of each column. */
static void sum_channels(double *sums, double *squares, const float *x, uint32_t rows, uint32_t width) {
  for (uint32_t r = 0; r < rows; r++, x += width) {
    for (uint32_t i = 0; i < width; i++) {
      sums[i] += (double)x[i];
      squares[i] += (double)x[i] * (double)x[i];
    }
  }
}

/* (x - mean) scale + bias of each column. */
static void norm_channels(float *x, const float *mean, const float *scale, const float *bias, uint32_t rows,
                          uint32_t width) {
  for (uint32_t r = 0; r < rows; r++, x += width)
    for (uint32_t i = 0; i < width; i++) x[i] = (x[i] - mean[i]) * scale[i] + bias[i];
}

static void activate(float *x, uint64_t count, uint32_t activation) {
  for (uint64_t i = 0; i < count; i += 1024)
    wf_f32_activation(x + i, count - i < 1024 ? (uint32_t)(count - i) : 1024, (wf_activation)activation);
}

/* `rows` outputs, the first of the window at `from`, into rows of `width` columns. */
static void convolve(wf_encoder *e, float *out, uint32_t width, const source *frames, const wf_linear *linear,
                     uint32_t stride, int64_t from, uint32_t rows) {
  const wf_workspace *work = e->scratch.work;
  assert(frames->inputs && linear->inputs % frames->inputs == 0);
  wf_sink sink = wf_sink_rows(out, width, WF_IDENTITY);
  pack_windows(work, e->scratch.packed, frames, linear->inputs / frames->inputs, stride, from, rows);
  wf_multiply(&e->scratch, &sink, linear, rows);
}

static uint64_t cost_of(const wf_linear *linear, uint32_t rows) {
  return (uint64_t)rows * linear->inputs * linear->outputs;
}

/* ---- The convolutions over time */

/* The sound in work. Where channels are normed over time, what a mask leaves out counts. */
static source sound_of(const wf_encoder *e) {
  const wf_sound *sound = &e->scratch.sound;
  const wf_encoder_description *d = &e->description;
  uint32_t heard = d->frame[0].norm == WF_FRAME_NORM_TIME ? sound->frames : e->scratch.heard[sound->sequence];
  return (source){.x = sound->x + (size_t)sound->sequence * d->frame_inputs * sound->frames,
                  .inputs = d->frame_inputs,
                  .of_input = sound->frames,
                  .of_time = 1,
                  .length = heard};
}

/* Mean and scale of each channel of the first convolution, from the sums over all its outputs. */
static void finish_channels(const wf_encoder *e, double count) {
  const wf_norm *norm = &e->weights.frames[0].norm;
  const double *sums = e->scratch.frame_sums;
  float *mean = e->scratch.frame_mean, *scale = mean + norm->width;
  for (uint32_t i = 0; i < norm->width; i++) {
    double average = sums[i] / count, variance = sums[norm->width + i] / count - average * average;
    mean[i] = (float)average;
    scale[i] = (float)((double)norm->weight[i] /
                       __builtin_sqrt((variance > 0.0 ? variance : 0.0) + (double)norm->epsilon));
  }
}

/* Takes outputs of the first convolution into the sums of its channels. */
static uint64_t measure(wf_encoder *e) {
  const wf_convolution_description *c = &e->description.frame[0];
  const wf_linear *linear = &e->weights.frames[0].linear;
  wf_scratch *s = &e->scratch;
  wf_sound *at = &s->sound;
  const source sound = sound_of(e);
  uint32_t all = (uint32_t)outputs_of(c, sound.length), rows = smaller(WF_FRAMES_AT_A_TIME, all - at->done);
  for (uint32_t i = 0; at->done == 0 && i < 2 * c->outputs; i++) s->frame_sums[i] = 0.0;
  convolve(e, s->frames[0], c->outputs, &sound, linear, c->stride, (int64_t)at->done * c->stride - c->padding,
           rows);
  sum_channels(s->frame_sums, s->frame_sums + c->outputs, s->frames[0], rows, c->outputs);
  at->done += rows;
  if (at->done == all) {
    finish_channels(e, all);
    at->done = 0;
    at->measured = 1;
  }
  return cost_of(linear, rows);
}

/* Outputs first .. end - 1 of a convolution, of `length`. */
typedef struct range {
  int64_t first, end, length;
} range;

/* What `count` rows from `first` on need of each convolution's outputs, level 0 being the sound itself. */
static void trace_back(range *ranges, const wf_encoder_description *d, int64_t frames, int64_t first,
                       int64_t count) {
  const uint32_t last = d->convolutions;
  ranges[0].length = frames;
  for (uint32_t i = 0; i < last; i++) ranges[i + 1].length = outputs_of(&d->frame[i], ranges[i].length);
  ranges[last].first = first;
  ranges[last].end = first + count;
  for (uint32_t i = last; i-- > 0;) {
    const wf_convolution_description *c = &d->frame[i];
    int64_t from = ranges[i + 1].first * c->stride - c->padding;
    int64_t end = (ranges[i + 1].end - 1) * c->stride - c->padding + c->kernel;
    ranges[i].first = from < 0 ? 0 : from;
    ranges[i].end = end > ranges[i].length ? ranges[i].length : end;
  }
}

/* Rows behind the convolutions become rows row .. row + count - 1 of the block. */
static void place_rows(wf_encoder *e, float *rows, uint32_t row, uint32_t count) {
  const wf_encoder_description *d = &e->description;
  const wf_linear *linear = &e->weights.projection;
  wf_scratch *s = &e->scratch;
  const size_t size = (size_t)count * d->table_width * sizeof(float);
  float *x = s->x + (size_t)row * d->width;
  if (d->feature_norm) wf_norm_rows(rows, &e->weights.feature_norm, NULL, 0, count);
  if (s->features) __builtin_memcpy(s->features + (size_t)row * d->table_width, rows, size);
  if (!d->projection) {
    __builtin_memcpy(x, rows, size);
    return;
  }
  wf_sink out = wf_sink_rows(x, d->width, WF_IDENTITY);
  wf_pack(s->work, s->packed, rows, NULL, NULL, linear, count, 0, wf_row_panels(s->work->tile, count));
  wf_multiply(s, &out, linear, count);
}

/* Some outputs of the convolution at hand, of the piece of rows at hand. */
static uint64_t run_convolution(wf_encoder *e) {
  const wf_encoder_description *d = &e->description;
  wf_scratch *s = &e->scratch;
  wf_sound *at = &s->sound;
  const uint32_t length = s->lengths[at->sequence], count = smaller(s->frame_piece, length - at->placed);
  const wf_convolution_description *c = &d->frame[at->level];
  const wf_frame *frame = &e->weights.frames[at->level];
  range ranges[WF_MAX_CONVOLUTIONS + 1] = {{0}};
  source from = sound_of(e);
  trace_back(ranges, d, from.length, at->placed, count);
  if (at->level) {
    from = (source){
        .x = s->frames[(at->level - 1) % 2], .inputs = d->frame[at->level - 1].outputs, .of_input = 1};
    from.of_time = from.inputs;
    from.first = ranges[at->level].first;
    from.length = ranges[at->level].length;
  }
  const range *to = &ranges[at->level + 1];
  const uint32_t all = (uint32_t)(to->end - to->first), rows = smaller(WF_FRAMES_AT_A_TIME, all - at->done);
  float *out = s->frames[at->level % 2] + (size_t)at->done * c->outputs;
  convolve(e, out, c->outputs, &from, &frame->linear, c->stride,
           (to->first + at->done) * c->stride - c->padding, rows);
  if (c->norm == WF_FRAME_NORM_ROWS) wf_norm_rows(out, &frame->norm, NULL, 0, rows);
  if (c->norm == WF_FRAME_NORM_TIME)
    norm_channels(out, s->frame_mean, s->frame_mean + c->outputs, frame->norm.bias, rows, c->outputs);
  activate(out, (uint64_t)rows * c->outputs, c->activation);
  at->done += rows;
  if (at->done == all) {
    at->done = 0;
    at->level++;
  }
  if (at->level == d->convolutions) {
    place_rows(e, s->frames[(at->level - 1) % 2], at->row + at->placed, count);
    at->placed += count;
    at->level = 0;
  }
  return cost_of(&frame->linear, rows);
}

/* ---- Positions */

/* Rows of the model's width to the columns of one group after the other, [groups][all][D / groups]; those that a mask left
 * out are zeros at first: what leaves one convolution there reaches the next. */
static void split_groups(const wf_encoder *e, const float *x, uint32_t rows, uint32_t all) {
  const uint32_t width = e->description.width, groups = e->description.position.groups;
  const uint32_t own = width / groups;
  float *to = e->scratch.next;
  for (uint32_t g = 0; g < groups; g++) {
    for (uint32_t r = 0; r < all; r++)
      for (uint32_t i = 0; i < own; i++) *to++ = r < rows ? x[(size_t)r * width + g * own + i] : 0.0f;
  }
}

/* Some outputs of one group of a convolution over the rows. */
static uint64_t run_position(wf_encoder *e) {
  const wf_encoder_description *d = &e->description;
  const wf_position_description *p = &d->position;
  wf_scratch *s = &e->scratch;
  wf_sound *at = &s->sound;
  const uint32_t own = d->width / p->groups, length = s->lengths[at->sequence];
  const uint32_t all = p->count > 1 ? wf_frames_length(d, at->frames) : length;
  float *x = s->x + (size_t)at->row * d->width;
  if (at->level == 0 && at->group == 0 && at->done == 0) split_groups(e, x, length, all);
  const wf_linear *linear = &e->weights.positional[at->level * p->groups + at->group];
  const source from = {.x = s->next + (size_t)at->group * all * own,
                       .inputs = own,
                       .of_input = 1,
                       .of_time = own,
                       .length = all};
  const uint32_t rows = smaller(WF_FRAMES_AT_A_TIME, all - at->done);
  convolve(e, s->other + (size_t)at->done * d->width + at->group * own, d->width, &from, linear, 1,
           (int64_t)at->done - p->kernel / 2, rows);
  at->done += rows;
  if (at->done < all) return cost_of(linear, rows);
  at->done = 0;
  if (++at->group < p->groups) return cost_of(linear, rows);
  at->group = 0;
  if (p->norm) wf_norm_rows(s->other, &e->weights.position_norm, NULL, 0, all);
  activate(s->other, (uint64_t)all * d->width, p->activation);
  if (++at->level < p->count) {
    split_groups(e, s->other, all, all);
    return cost_of(linear, rows);
  }
  for (size_t i = 0; i < (size_t)length * d->width; i++) x[i] += s->other[i];
  return cost_of(linear, rows);
}

/* ---- The stem */

uint64_t wf_run_sound(wf_encoder *e) {
  const wf_encoder_description *d = &e->description;
  wf_scratch *s = &e->scratch;
  wf_sound *at = &s->sound;
  const uint32_t length = s->lengths[at->sequence];
  uint64_t cost;
  if (d->frame[0].norm == WF_FRAME_NORM_TIME && !at->measured) return measure(e);
  cost = at->placed < length ? run_convolution(e) : run_position(e);
  if (at->placed < length || at->level < d->position.count) return cost;
  float *x = s->x + (size_t)at->row * d->width;
  for (size_t i = 0; d->positions && i < (size_t)length * d->width; i++)
    x[i] += e->weights.positions.values[i];
  *at = (wf_sound){.x = at->x, .frames = at->frames, .sequence = at->sequence + 1, .row = at->row + length};
  if (at->sequence < s->count) return cost;
  wf_norm_embeddings(e, 3);
  at->x = NULL;
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
    s->heard[i] = lengths[i];
    s->lengths[i] = wf_frames_length(d, lengths[i]);
    if (d->positions && s->lengths[i] > d->positions) return WF_ERROR_SHAPE;
  }
  WF_TRY(wf_begin(encoder, WF_STEM_FRAMES, s->lengths, sequences));
  s->sound = (wf_sound){.x = x, .frames = frames};
  return WF_OK;
}

const float *wf_encoder_features(const wf_encoder *encoder) {
  return encoder->magic == WF_ENCODER_MAGIC ? encoder->scratch.features : NULL;
}
