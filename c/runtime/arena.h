/* An arena: one block of the caller's memory, handed out front to back. With no base it only adds up, so the code that
 * places a model is also the code that measures it. */
#ifndef WF_ARENA_H
#define WF_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct wf_arena {
  uint8_t *base; /* NULL while measuring */
  uint64_t used;
} wf_arena;

enum { WF_ARENA_ALIGNMENT = 64 };

/* wf_arena_take returns the next `count` elements of `size` bytes, or NULL while measuring. The sum cannot wrap: counts
 * and sizes are below 2^48 and 2^8 by the checks of the description. */
static inline void *wf_arena_take(wf_arena *arena, uint64_t count, uint32_t size) {
  void *place = arena->base ? arena->base + arena->used : NULL;
  arena->used += (count * size + WF_ARENA_ALIGNMENT - 1) / WF_ARENA_ALIGNMENT * WF_ARENA_ALIGNMENT;
  return place;
}

static inline float *wf_arena_floats(wf_arena *arena, uint64_t count) {
  return wf_arena_take(arena, count, (uint32_t)sizeof(float));
}

#endif
