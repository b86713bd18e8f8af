/* A team of threads over one memory. An idle thread watches the number of loops opened so far, first spinning, since a
 * forward opens one every few microseconds, then asleep. It says that it is inside before it looks whether a loop is open;
 * who opened it closes it before looking whether anybody is inside: one of the two sees the other. */
#include "team.h"
#if !defined(__wasm__)
#include <sched.h>
#endif

#define ALONE _Alignas(64) /* on a line of the cache that nothing else is written on */

struct wf_team {
  ALONE uint32_t opened; /* loops so far */
  uint32_t ended, joined, failed;
  ALONE uint32_t next; /* unit that nobody has taken */
  ALONE uint32_t inside;
  uint32_t asleep;
  ALONE uint32_t open;
  uint32_t units, grain; /* grain: units that are taken at a time */
  wf_body *body;
  void *context;
};

/* Multiplications: what is worth sharing, and taking at a time; tests of threads share everything. */
#if !defined(WF_SHARED_LEAST)
#define WF_SHARED_LEAST (1 << 20)
#define WF_TAKEN_LEAST  (1 << 17)
#endif
/* About a tenth of a millisecond. */
enum { SPINS = 1 << 16 };

static uint32_t read(const uint32_t *place) { return __atomic_load_n(place, __ATOMIC_SEQ_CST); }
static void write(uint32_t *place, uint32_t value) { __atomic_store_n(place, value, __ATOMIC_SEQ_CST); }
static uint32_t add(uint32_t *place, uint32_t value) {
  return __atomic_fetch_add(place, value, __ATOMIC_SEQ_CST);
}

static void sleep_while(uint32_t *place, uint32_t value) {
#if defined(__wasm_atomics__)
  __builtin_wasm_memory_atomic_wait32((int32_t *)place, (int32_t)value, -1);
#else
  (void)place;
  (void)value;
#if !defined(__wasm__)
  sched_yield();
#endif
#endif
}
static void wake(uint32_t *place) {
#if defined(__wasm_atomics__)
  __builtin_wasm_memory_atomic_notify((int32_t *)place, UINT32_MAX);
#else
  (void)place;
#endif
}

static void take_units(wf_team *team, uint32_t thread) {
  const uint32_t units = team->units, grain = team->grain;
  for (uint32_t first; (first = add(&team->next, grain)) < units;)
    team->body(team->context, thread, first, units - first < grain ? units : first + grain);
}

void wf_for(wf_team *team, uint32_t units, uint64_t cost, wf_body *body, void *context) {
  if (!team || units < 2 || units * cost < WF_SHARED_LEAST || !read(&team->joined)) {
    body(context, 0, 0, units);
    return;
  }
  const uint64_t fitting = cost ? WF_TAKEN_LEAST / cost : units, most = units / WF_MAX_THREADS;
  team->grain = (uint32_t)(fitting < most ? fitting : most);
  if (team->grain == 0) team->grain = 1;
  team->units = units;
  team->body = body;
  team->context = context;
  write(&team->next, 0);
  write(&team->open, 1);
  add(&team->opened, 1);
  if (read(&team->asleep)) wake(&team->opened);
  take_units(team, 0);
  write(&team->open, 0);
  while (read(&team->inside)) {
  }
}

uint32_t wf_team_bytes(void) { return (uint32_t)sizeof(wf_team); }

uint32_t wf_team_join(wf_team *team, uint32_t thread) {
  if (thread < 1 || thread >= WF_MAX_THREADS) return WF_ERROR_ARGUMENT;
  uint32_t seen = read(&team->opened);
  add(&team->joined, 1);
  while (!read(&team->ended)) {
    for (uint32_t spins = 0; read(&team->opened) == seen && !read(&team->ended); spins++) {
      if (spins < SPINS) continue;
      add(&team->asleep, 1);
      sleep_while(&team->opened, seen);
      add(&team->asleep, UINT32_MAX);
    }
    seen = read(&team->opened);
    add(&team->inside, 1);
    if (read(&team->open)) take_units(team, thread);
    add(&team->inside, UINT32_MAX);
  }
  add(&team->joined, UINT32_MAX);
  return WF_OK;
}

uint32_t wf_team_joined(const wf_team *team) { return read(&team->joined); }

uint32_t wf_team_end(wf_team *team) {
  write(&team->ended, 1);
  add(&team->opened, 1);
  wake(&team->opened);
  return WF_OK;
}

uint32_t wf_team_fail(wf_team *team) {
  add(&team->failed, 1);
  add(&team->joined, UINT32_MAX);
  add(&team->inside, UINT32_MAX);
  return WF_OK;
}

uint32_t wf_team_failures(const wf_team *team) { return team ? read(&team->failed) : 0; }
