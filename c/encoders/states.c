/* The geometry of a model: patches of an image, and what each state holds. Known here alone; callers ask. */
#include "encoder.h"

/* Patches along a side, whole ones. */
static uint32_t steps(uint32_t side, uint32_t patch, uint32_t stride) {
  return side < patch ? 0 : (side - patch) / stride + 1;
}

uint32_t wf_patch_grid(uint32_t grid[2], const wf_encoder_description *d, uint32_t height, uint32_t width) {
  uint32_t more = wf_is_windowed(d) ? 1 : 0;
  if (d->stem != WF_STEM_PATCHES) return WF_ERROR_ARGUMENT;
  if (height == 0 || width == 0 || height > 65536 || width > 65536) return WF_ERROR_SHAPE;
  uint32_t rows = steps(height + more * (d->patch_height - 1), d->patch_height, d->stride_height);
  uint32_t columns = steps(width + more * (d->patch_width - 1), d->patch_width, d->stride_width);
  grid[0] = rows;
  grid[1] = columns;
  if (rows == 0 || columns == 0) return WF_ERROR_SHAPE;
  if ((uint64_t)rows * columns > 1u << 20) return WF_ERROR_MEMORY;
  for (uint32_t layer = 0; layer < d->layers; layer++) {
    const wf_kind_description *kind = &d->kind[d->layer_kind[layer]];
    /* Swin's reference fails on a map smaller than a window: there is nothing to equal. */
    if (!kind->bias_buckets && (rows < kind->window || columns < kind->window)) return WF_ERROR_SHAPE;
    if (wf_merges_behind(d, layer)) {
      if (rows < 2 || columns < 2) return WF_ERROR_SHAPE;
      rows = (rows + 1) / 2;
      columns = (columns + 1) / 2;
    }
  }
  return WF_OK;
}

uint32_t wf_encoder_least_image(uint32_t size[2], const wf_encoder *encoder) {
  const wf_encoder_description *d = &encoder->description;
  uint32_t least = 1; /* patches down or across */
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  for (uint32_t layer = d->layers; layer-- > 0;) {
    const wf_kind_description *kind = &d->kind[d->layer_kind[layer]];
    if (wf_merges_behind(d, layer)) least = least < 2 ? 2 : 2 * least - 1;
    if (!kind->bias_buckets && least < kind->window) least = kind->window;
  }
  /* In windows a pixel begins a patch, which zeros fill; else only whole patches count. */
  uint32_t windowed = wf_is_windowed(d) ? 1 : 0;
  size[0] = least * d->patch_height - windowed * (d->patch_height - 1);
  size[1] = least * d->patch_width - windowed * (d->patch_width - 1);
  return WF_OK;
}

uint32_t wf_state_layers(const wf_encoder_description *d, uint32_t state) {
  uint32_t layers = 0;
  for (uint32_t n = 0; n < state; n++) {
    if (layers == d->layers) return UINT32_MAX;
    do layers++;
    while (wf_is_windowed(d) && layers < d->layers && !wf_merges_behind(d, layers - 1));
  }
  return layers;
}

/* The map behind `layers` layers, and the maps of attention that the last of them gives. */
static void describe_map(wf_state *state, const wf_encoder_description *d, const uint32_t grid[2]) {
  state->height = grid[0];
  state->across = grid[1];
  for (uint32_t layer = 0; layer < state->layers; layer++) {
    const wf_kind_description *kind = &d->kind[d->layer_kind[layer]];
    if (kind->window) {
      state->windows = (state->height + kind->window - 1) / kind->window *
                       ((state->across + kind->window - 1) / kind->window);
      state->keys = kind->window * kind->window;
    }
    if (wf_merges_behind(d, layer)) {
      state->height = (state->height + 1) / 2;
      state->across = (state->across + 1) / 2;
    }
  }
  state->tokens = d->prefix + state->height * state->across;
}

uint32_t wf_encoder_state(wf_state *state, const wf_encoder *encoder, uint32_t index, uint32_t height,
                          uint32_t width) {
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  const wf_encoder_description *d = &encoder->description;
  uint32_t layers = wf_state_layers(d, index), grid[2];
  if (layers == UINT32_MAX) return WF_ERROR_ARGUMENT;
  *state = (wf_state){.layers = layers, .width = d->width};
  while (wf_state_layers(d, state->states) != UINT32_MAX) state->states++;
  if (layers) state->heads = d->kind[d->layer_kind[layers - 1]].heads;
  if (layers) state->width = d->kind[d->layer_kind[layers < d->layers ? layers : layers - 1]].width;
  if (height == 0 && width == 0) return WF_OK;
  WF_TRY(wf_patch_grid(grid, d, height, width));
  describe_map(state, d, grid);
  return WF_OK;
}
