/* A team of threads over one memory. An idle thread watches the number of loops opened so far, first spinning, since a
 * forward opens one every few microseconds, then asleep. It says that it is inside before it looks whether a loop is open;
 * who opened it closes it before looking whether anybody is inside: one of the two sees the other. */
#include "team.h"
#include <stdatomic.h>
#if !defined(__wasm__)
#include <sched.h>
#endif

#define ALONE _Alignas(64)       /* on a line of the cache that nothing else is written on */
typedef _Atomic uint32_t shared; /* every use of one is in one order for all threads */

struct wf_team {
  ALONE shared opened; /* loops so far */
  shared joined, failed;
  ALONE shared next; /* unit that nobody has taken */
  ALONE shared inside;
  shared asleep;
  ALONE shared open;
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

static void sleep_until_opened(wf_team *team, uint32_t seen) {
  team->asleep++;
#if defined(__wasm_atomics__)
  __builtin_wasm_memory_atomic_wait32((int32_t *)&team->opened, (int32_t)seen, -1);
#elif !defined(__wasm__)
  (void)seen;
  sched_yield();
#endif
  team->asleep--;
}

static void take_units(wf_team *team, uint32_t thread) {
  const uint32_t units = team->units, grain = team->grain;
  for (uint32_t first; (first = atomic_fetch_add(&team->next, grain)) < units;)
    team->body(team->context, thread, first, units - first < grain ? units : first + grain);
}

void wf_for(wf_team *team, uint32_t units, uint64_t cost, wf_body *body, void *context) {
  if (!team || units < 2 || units * cost < WF_SHARED_LEAST || !team->joined) {
    body(context, 0, 0, units);
    return;
  }
  const uint64_t fitting = cost ? WF_TAKEN_LEAST / cost : units, most = units / WF_MAX_THREADS;
  team->grain = (uint32_t)(fitting < most ? fitting : most);
  if (team->grain == 0) team->grain = 1;
  team->units = units;
  team->body = body;
  team->context = context;
  team->next = 0;
  team->open = 1;
  team->opened++;
#if defined(__wasm_atomics__)
  if (team->asleep) __builtin_wasm_memory_atomic_notify((int32_t *)&team->opened, UINT32_MAX);
#endif
  take_units(team, 0);
  team->open = 0;
  while (team->inside) {
  }
}

uint32_t wf_team_bytes(void) { return (uint32_t)sizeof(wf_team); }

uint32_t wf_team_join(wf_team *team, uint32_t thread) {
  if (thread < 1 || thread >= WF_MAX_THREADS) return WF_ERROR_ARGUMENT;
  uint32_t seen = team->opened;
  team->joined++;
  for (;;) {
    for (uint32_t spins = 0; team->opened == seen; spins++) {
      if (spins >= SPINS) sleep_until_opened(team, seen);
    }
    seen = team->opened;
    team->inside++;
    if (team->open) take_units(team, thread);
    team->inside--;
  }
}

uint32_t wf_team_joined(const wf_team *team) { return team->joined; }

uint32_t wf_team_fail(wf_team *team) {
  team->failed++;
  team->joined--;
  team->inside--;
  return WF_OK;
}

uint32_t wf_team_failures(const wf_team *team) { return team ? team->failed : 0; }
