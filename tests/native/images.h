/* A forward over images with everything kept that a caller can see, in memory of exactly the sizes that states have; held
 * to the twin in double precision, and each image alone to its part of the block. */
#ifndef IMAGES_H
#define IMAGES_H

#include "model.h"
#include "twin.h"

enum { IMAGES = 3, CHANNELS = 2, MOST_STATES = 10 };

/* The rows of each state, those of the last finished behind them, and the maps that the layer before each state gives. */
typedef struct forward {
  uint32_t images, height, width, states;
  float *hidden, *maps;
  size_t in_hidden[MOST_STATES + 1], in_maps[MOST_STATES + 1]; /* of one image */
  size_t hidden_at[MOST_STATES + 2], maps_at[MOST_STATES + 2]; /* where those of all images begin */
} forward;

static inline float *draw_images(uint32_t images, uint32_t height, uint32_t width) {
  uint64_t seed = 5;
  return check_randoms(&seed, (size_t)images * CHANNELS * height * width, 1.0f);
}

/* Patches down and across, whole ones or in windows all that pixels begin. */
static inline void patch_grid(uint32_t grid[2], const wf_encoder_description *d, uint32_t height,
                              uint32_t width) {
  uint32_t more = d->kind[0].window ? 1 : 0;
  grid[0] = (height + more * (d->patch_height - 1) + d->stride_height - d->patch_height) / d->stride_height;
  grid[1] = (width + more * (d->patch_width - 1) + d->stride_width - d->patch_width) / d->stride_width;
}

/* The rows that images cost in a block of a tile. */
static inline uint32_t image_cost(const wf_encoder_description *d, uint32_t images, uint32_t height,
                                  uint32_t width, uint32_t tile) {
  uint32_t grid[2];
  patch_grid(grid, d, height, width);
  if (d->kind[0].window) return images * grid[0] * grid[1];
  return images * wf_padded_length(wf_tile_get(tile), d->prefix + grid[0] * grid[1]);
}

/* How many values each state has, and place for all of them. */
static inline forward make_forward(const model *m, uint32_t images, uint32_t height, uint32_t width) {
  forward f = {.images = images, .height = height, .width = width};
  wf_state state;
  must(wf_encoder_state(&state, m->encoder, 0, height, width), "state", &m->description);
  f.states = state.states;
  if (f.states < 1 || f.states > MOST_STATES) abort();
  for (uint32_t i = 0; i <= f.states; i++) {
    uint32_t index = i < f.states ? i : i - 1; /* finishing changes no size, and gives no maps */
    must(wf_encoder_state(&state, m->encoder, index, height, width), "state", &m->description);
    f.in_hidden[i] = (size_t)state.tokens * state.width;
    if (i < f.states && state.heads)
      f.in_maps[i] = state.windows ? (size_t)state.windows * state.heads * state.keys * state.keys
                                   : (size_t)state.heads * state.tokens * state.tokens;
    f.hidden_at[i + 1] = f.hidden_at[i] + images * f.in_hidden[i];
    f.maps_at[i + 1] = f.maps_at[i] + images * f.in_maps[i];
  }
  f.hidden = check_floats(f.hidden_at[f.states + 1]);
  f.maps = check_floats(f.maps_at[f.states + 1]);
  return f;
}

/* The rows and the maps of one image at a place. */
static inline float *rows_of(const forward *f, uint32_t place, uint32_t image) {
  return f->hidden + f->hidden_at[place] + image * f->in_hidden[place];
}
static inline float *maps_of(const forward *f, uint32_t place, uint32_t image) {
  return f->maps + f->maps_at[place] + image * f->in_maps[place];
}

static inline void keep_state(const forward *f, const model *m, uint32_t place) {
  memcpy(rows_of(f, place, 0), wf_encoder_hidden(m->encoder),
         f->images * f->in_hidden[place] * sizeof(float));
}

/* Runs images first .. first + images - 1 of `pixels`, state by state, maps in memory of exactly their size. */
static inline forward run_images(model *m, const float *pixels, uint32_t first, uint32_t images,
                                 uint32_t height, uint32_t width) {
  const float *from = pixels + (size_t)first * CHANNELS * height * width;
  forward f = make_forward(m, images, height, width);
  must(wf_encoder_begin_pixels(m->encoder, from, NULL, images, height, width), "begin", &m->description);
  keep_state(&f, m, 0);
  for (uint32_t i = 1; i < f.states; i++) {
    float *maps = check_floats(images * f.in_maps[i]);
    must(run_to(m, maps, i), "run", &m->description);
    memcpy(maps_of(&f, i, 0), maps, images * f.in_maps[i] * sizeof(float));
    free(maps);
    keep_state(&f, m, i);
  }
  must(wf_encoder_finish(m->encoder), "finish", &m->description);
  keep_state(&f, m, f.states);
  return f;
}

static inline void free_forward(forward *f) {
  free(f->hidden);
  free(f->maps);
}

/* Compares one image of a forward with image `image` of another. */
static inline int same_image(const forward *one, uint32_t at, const forward *all, uint32_t image) {
  int same = one->states == all->states;
  for (uint32_t i = 0; same && i <= one->states; i++) {
    same &= one->in_hidden[i] == all->in_hidden[i] && one->in_maps[i] == all->in_maps[i];
    same = same && check_same(rows_of(one, i, at), rows_of(all, i, image), one->in_hidden[i]) &&
           check_same(maps_of(one, i, at), maps_of(all, i, image), one->in_maps[i]);
  }
  return same;
}

static inline int same_forward(const forward *a, const forward *b) {
  int same = a->images == b->images;
  for (uint32_t image = 0; same && image < a->images; image++) same &= same_image(a, image, b, image);
  return same;
}

/* Compares what state `place` holds of an image with the twin's rows, and by layer goes on from those at hand. */
static inline void check_rows(series *series, double *x, const forward *f, uint32_t place, uint32_t image) {
  const float *hidden = rows_of(f, place, image);
  for (size_t i = 0; i < f->in_hidden[place]; i++) {
    CHECK_ERROR(&series->hidden, fabs((double)hidden[i] - x[i]), "%u x %u, state %u value %zu", f->height,
                f->width, place, i);
    if (series->by_layer) x[i] = (double)hidden[i];
  }
}

/* One image through the twin. The rows of layers inside a stage are not seen; those behind it are. */
static inline void check_image(series *series, const model *m, const forward *f, const float *pixels,
                               uint32_t image) {
  const wf_encoder_description *d = &m->description;
  uint32_t grid[2], windowed = d->kind[0].window, place = 0;
  patch_grid(grid, d, f->height, f->width);
  uint32_t length = d->prefix + grid[0] * grid[1], patch = CHANNELS * d->patch_height * d->patch_width;
  wf_reference_map map = {0, windowed ? grid[0] : 1, windowed ? grid[1] : length, grid[1]};
  size_t room = (size_t)(length + 1) * 8192 / 8, in_maps = 0;
  for (uint32_t i = 1; i < f->states; i++) in_maps = f->in_maps[i] > in_maps ? f->in_maps[i] : in_maps;
  double *x = check_doubles(room), *next = check_doubles(room), *maps = check_doubles(4 * in_maps + 1);
  double *scratch = check_doubles(wf_reference_scratch(d, map.height, map.width) + patch + 8192);
  wf_reference_embed_image(x, scratch, d, &m->weights,
                           pixels + (size_t)image * CHANNELS * f->height * f->width,
                           m->weights.slot[WF_SLOT_POSITION_TABLE][0], f->height, f->width, grid);
  check_rows(series, x, f, place, image);
  for (map.layer = 0; map.layer < d->layers; map.layer++) {
    wf_reference_layer(x, maps, scratch, d, &m->weights, &map);
    int merges = wf_reference_merges(d, map.layer + 1) > wf_reference_merges(d, map.layer);
    if (merges) {
      wf_reference_merge(next, x, scratch, d, &m->weights, &map);
      double *old = x;
      x = next;
      next = old;
      map = (wf_reference_map){map.layer, (map.height + 1) / 2, (map.width + 1) / 2, 0};
    }
    if (windowed && !merges && map.layer + 1 < d->layers) continue;
    check_rows(series, x, f, ++place, image);
    for (size_t i = 0; i < f->in_maps[place]; i++) {
      double error = fabs((double)maps_of(f, place, image)[i] - maps[i]);
      CHECK_ERROR(&series->maps, error, "%u x %u, state %u", f->height, f->width, place);
    }
  }
  wf_reference_finish(x, d, &m->weights, map.height * map.width);
  check_rows(series, x, f, place + 1, image);
  CHECK(place + 1 == f->states, "%u states, not %u", f->states, place + 1);
  double *all[] = {x, next, maps, scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* An image alone has the bits that it has in the block. */
static inline void check_image_alone(model *m, const forward *all, const float *pixels, uint32_t image) {
  forward f = run_images(m, pixels, image, 1, all->height, all->width);
  CHECK(same_image(&f, 0, all, image), "image %u alone: tile %u, %u x %u", image, m->description.tile,
        all->height, all->width);
  free_forward(&f);
}

/* Images of one size in every tile and with windows in groups of several sizes: against the twin in the first, the same
 * bits in the others, and for each image alone. */
static inline void check_images(series *series, wf_encoder_description d, uint32_t height, uint32_t width,
                                uint32_t most_windows) {
  float *pixels = draw_images(IMAGES, height, width);
  uint32_t side = 0;
  for (uint32_t i = 0; i < d.kinds; i++) side = d.kind[i].window > side ? d.kind[i].window : side;
  forward first = {0};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    uint32_t window = wf_padded_length(wf_tile_get(tile), side * side);
    for (uint32_t windows = 1; windows <= most_windows; windows += 2) {
      d.tile = tile;
      uint32_t rows = image_cost(&d, IMAGES, height, width, tile);
      model m = ready_model(&d, rows, side ? windows * window : rows / IMAGES * windows);
      forward f = run_images(&m, pixels, 0, IMAGES, height, width);
      int kept = first.states == 0;
      if (kept) first = f;
      for (uint32_t image = 0; kept && image < IMAGES; image++) check_image(series, &m, &f, pixels, image);
      CHECK(same_forward(&f, &first), "other bits: tile %u, groups of %u windows", tile, windows);
      for (uint32_t image = 0; image < IMAGES; image++) check_image_alone(&m, &f, pixels, image);
      if (!kept) free_forward(&f);
      free_model(&m);
    }
  }
  free_forward(&first);
  free(pixels);
}

#endif
