/* Encoders of images against their twins in double precision: patches with a prefix in a plain stack, and Swin's windows
 * with shifts, padding and merging. The same bits in every tile, for an image alone, and for any size of group. */
#include "check.h"
#include "layers/layers.h"
#include "model.h"

enum { IMAGES = 3, CHANNELS = 2 };

typedef struct series {
  check_worst hidden, maps;
} series;

/* Images of one size and what a forward over them shows. After each layer the rows: a trace's layers differ in size. */
typedef struct forward {
  uint32_t images, height, width, rows; /* rows: of the first map */
  float *hidden, *maps;
  size_t in_hidden, in_maps; /* room for one layer */
} forward;

static wf_encoder_description plain_description(void) {
  wf_encoder_description d = {.stem = WF_STEM_PATCHES,
                              .place = WF_PLACE_PRE,
                              .layers = 2,
                              .width = 14,
                              .heads = 2,
                              .head_width = 7,
                              .feed_forward = 19,
                              .activation = WF_GELU,
                              .norm_epsilon = 1e-6f,
                              .score_scale = 0.4f,
                              .positions = 14,
                              .final_norm = 1,
                              .channels = CHANNELS,
                              .patch_height = 3,
                              .patch_width = 5,
                              .prefix = 2,
                              .prefix_positions = 1};
  return d;
}

static wf_encoder_description windowed_description(void) {
  wf_encoder_description d = {.stem = WF_STEM_PATCHES,
                              .place = WF_PLACE_PRE,
                              .layers = 5,
                              .width = 6,
                              .heads = 2,
                              .head_width = 3,
                              .feed_forward = 11,
                              .activation = WF_GELU,
                              .norm_epsilon = 1e-5f,
                              .score_scale = 0.6f,
                              .embedding_norm = 1,
                              .embedding_norm_epsilon = 1e-5f,
                              .final_norm = 1,
                              .channels = CHANNELS,
                              .patch_height = 2,
                              .patch_width = 3,
                              .stages = 3,
                              .depth = {2, 2, 1},
                              .stage_heads = {2, 4, 8},
                              .window = 3};
  return d;
}

static float *draw_images(uint32_t images, uint32_t height, uint32_t width) {
  uint64_t seed = 5;
  return check_randoms(&seed, (size_t)images * CHANNELS * height * width, 1.0f);
}

/* Runs images first .. first + images - 1 of `pixels`, keeping the rows before each layer, after the last and finished. */
static forward run(model *m, const float *pixels, uint32_t first, uint32_t images, uint32_t height,
                   uint32_t width) {
  const wf_encoder_description *d = &m->description;
  uint32_t more = d->stages ? 1 : 0, down = (height + more * (d->patch_height - 1)) / d->patch_height;
  uint32_t across = (width + more * (d->patch_width - 1)) / d->patch_width,
           length = d->prefix + down * across;
  forward f = {.images = images, .height = height, .width = width, .rows = images * length};
  f.in_hidden = (size_t)f.rows * d->width * 2;
  uint32_t padded_down = down + d->window, padded_across = across + d->window; /* more than padding adds */
  f.in_maps = d->stages ? (size_t)images * 8 * padded_down * padded_across * d->window * d->window
                        : (size_t)images * d->heads * length * length;
  f.hidden = check_floats(f.in_hidden * (d->layers + 2));
  f.maps = check_floats(f.in_maps * d->layers);
  const float *from = pixels + (size_t)first * CHANNELS * height * width;
  uint32_t status = wf_encoder_begin_pixels(m->encoder, from, NULL, images, height, width);
  CHECK(status == WF_OK, "begin_pixels: status %u, %u x %u", status, height, width);
  uint32_t stage = 0, left = d->stages ? d->depth[0] : d->layers, rows = down, columns = across;
  for (uint32_t layer = 0; status == WF_OK && layer <= d->layers + 1; layer++) {
    size_t count = (size_t)images * (d->prefix + rows * columns) * (d->width << stage);
    memcpy(f.hidden + layer * f.in_hidden, wf_encoder_hidden(m->encoder), count * sizeof(float));
    if (layer < d->layers)
      status = wf_encoder_layer(f.maps + layer * f.in_maps, m->encoder, layer);
    else if (layer == d->layers)
      status = wf_encoder_finish(m->encoder);
    CHECK(status == WF_OK, "layer %u: status %u", layer, status);
    if (--left == 0 && stage + 1 < d->stages) {
      left = d->depth[++stage];
      rows = (rows + 1) / 2;
      columns = (columns + 1) / 2;
    }
  }
  return f;
}

static void free_forward(forward *f) {
  free(f->hidden);
  free(f->maps);
}

static int same_forward(const forward *a, const forward *b, uint32_t layers) {
  return check_same(a->hidden, b->hidden, a->in_hidden * (layers + 2)) &&
         check_same(a->maps, b->maps, a->in_maps * layers);
}

static void compare(check_worst *worst, const float *got, const double *want, size_t count, const char *what,
                    uint32_t layer) {
  for (size_t i = 0; i < count; i++) {
    CHECK_ERROR(worst, fabs((double)got[i] - want[i]), "%s, layer %u value %zu", what, layer, i);
  }
}

static void check_plain(series *series, const model *m, const forward *f, const float *pixels) {
  const wf_encoder_description *d = &m->description;
  const uint32_t grid[2] = {f->height / d->patch_height, f->width / d->patch_width};
  uint32_t length = d->prefix + grid[0] * grid[1];
  size_t count = (size_t)length * d->width, in_map = (size_t)d->heads * length * length;
  double *x = check_doubles(count), *maps = check_doubles(in_map);
  double *scratch = check_doubles(wf_reference_scratch(d, length) + CHANNELS * 15);
  for (uint32_t image = 0; image < f->images; image++) {
    const float *from = pixels + (size_t)image * CHANNELS * f->height * f->width;
    wf_reference_embed_image(x, scratch, d, &m->weights, from, m->weights.slot[WF_SLOT_POSITION_TABLE][0],
                             f->height, f->width, grid);
    for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
      compare(&series->hidden, f->hidden + layer * f->in_hidden + image * count, x, count, "patches", layer);
      if (layer == d->layers) wf_reference_finish(x, d, &m->weights, length);
      if (layer >= d->layers) continue;
      wf_reference_layer(x, maps, scratch, d, &m->weights, layer, length);
      compare(&series->maps, f->maps + layer * f->in_maps + image * in_map, maps, in_map, "patches", layer);
    }
  }
  free(x);
  free(maps);
  free(scratch);
}

/* One image through the windowed twin; `image` says where its part of the forward lies. */
static void check_windowed(series *series, const model *m, const forward *f, const float *pixels,
                           uint32_t image) {
  const wf_encoder_description *d = &m->description;
  const uint32_t grid[2] = {(f->height + d->patch_height - 1) / d->patch_height,
                            (f->width + d->patch_width - 1) / d->patch_width};
  uint32_t tokens = d->window * d->window, rows = grid[0] * grid[1];
  double *x = check_doubles((size_t)rows * d->width * 4), *next = check_doubles((size_t)rows * d->width * 4);
  double *maps = check_doubles(f->in_maps),
         *scratch = check_doubles((size_t)(rows + 5 * tokens) * 200 + 8 * tokens * tokens);
  wf_reference_map map = {.height = grid[0], .width = grid[1]};
  wf_reference_embed_image(x, scratch, d, &m->weights,
                           pixels + (size_t)image * CHANNELS * f->height * f->width, NULL, f->height,
                           f->width, grid);
  for (map.layer = 0; map.layer <= d->layers; map.layer++) {
    uint32_t layer = map.layer, width = d->width << map.stage, heads = d->stage_heads[map.stage];
    size_t count = (size_t)map.height * map.width * width;
    compare(&series->hidden, f->hidden + layer * f->in_hidden + image * count, x, count, "windows", layer);
    if (layer == d->layers) break;
    uint32_t down = (map.height + d->window - 1) / d->window,
             across = (map.width + d->window - 1) / d->window;
    size_t in_map = (size_t)down * across * heads * tokens * tokens;
    wf_reference_window_layer(x, maps, scratch, d, &m->weights, &map);
    compare(&series->maps, f->maps + layer * f->in_maps + image * in_map, maps, in_map, "windows", layer);
    if (++map.place == d->depth[map.stage] && map.stage + 1 < d->stages) {
      wf_reference_merge(next, x, scratch, d, &m->weights, &map);
      double *old = x;
      x = next, next = old;
      map = (wf_reference_map){(map.height + 1) / 2, (map.width + 1) / 2, map.stage + 1, layer, 0};
    }
  }
  double *all[] = {x, next, maps, scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* What an image gives alone must be its part of the batch: rows are `scale` times as many with all of them. */
static void check_alone(model *m, const forward *all, const float *pixels, uint32_t image) {
  forward f = run(m, pixels, image, 1, all->height, all->width);
  const wf_encoder_description *d = &m->description;
  uint32_t same = 1, stage = 0, left = d->stages ? d->depth[0] : d->layers;
  uint32_t rows = (all->height + d->patch_height - 1) / d->patch_height;
  uint32_t columns = (all->width + d->patch_width - 1) / d->patch_width;
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    size_t count = d->stages ? (size_t)rows * columns * (d->width << stage) : (size_t)f.rows * d->width;
    same &= (uint32_t)check_same(f.hidden + layer * f.in_hidden,
                                 all->hidden + layer * all->in_hidden + image * count, count);
    if (--left == 0 && stage + 1 < d->stages)
      left = d->depth[++stage], rows = (rows + 1) / 2, columns = (columns + 1) / 2;
  }
  CHECK(same, "image %u alone: tile %u, %u stages", image, d->tile, d->stages);
  free_forward(&f);
}

static void test_images(series *series, wf_encoder_description d, uint32_t height, uint32_t width) {
  float *pixels = draw_images(IMAGES, height, width);
  forward first = {0};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    uint32_t window = wf_padded_length(wf_tile_get(tile), d.window * d.window);
    for (uint32_t windows = 1; windows <= (d.stages ? 5 : 1); windows += 2) {
      d.tile = tile;
      d.max_rows = d.stages ? IMAGES * ((height + 1) / 2) * ((width + 2) / 3)
                            : IMAGES * wf_padded_length(wf_tile_get(tile), d.positions);
      d.group_rows = windows * window;
      model m = make_model(&d);
      draw_weights(&m);
      forward f = run(&m, pixels, 0, IMAGES, height, width);
      int kept = first.hidden == NULL;
      if (kept) {
        first = f;
        if (!d.stages) check_plain(series, &m, &f, pixels);
        for (uint32_t image = 0; d.stages && image < IMAGES; image++)
          check_windowed(series, &m, &f, pixels, image);
      }
      CHECK(same_forward(&f, &first, d.layers), "other bits: tile %u, groups of %u windows", tile, windows);
      for (uint32_t image = 0; image < IMAGES; image++) check_alone(&m, &f, pixels, image);
      if (!kept) free_forward(&f);
      free_model(&m);
    }
  }
  free_forward(&first);
  free(pixels);
}

int main(void) {
  series series = {{.name = "hidden states of images", .limit = 1e-5},
                   {.name = "attention maps", .limit = 2e-6}};
  test_images(&series, plain_description(), 11, 24);
  test_images(&series, windowed_description(), 24, 36); /* 12 x 12, 6 x 6, 3 x 3: whole windows */
  test_images(&series, windowed_description(), 25, 52); /* 13 x 18, 7 x 9, 4 x 5: padding everywhere */
  check_report(&series.hidden);
  check_report(&series.maps);
  return check_finish();
}
