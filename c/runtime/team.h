/* The one seam for threads: a loop over units of work that do not depend on each other. One thread so far. */
#ifndef WF_TEAM_H
#define WF_TEAM_H

#include <assert.h>
#include <stdint.h>

/* Workers that share loops; each has a workspace of its own. */
typedef struct wf_team {
  uint32_t threads;
} wf_team;

/* Does units first .. end - 1 as worker `worker` of the team. */
typedef void wf_body(void *context, uint32_t worker, uint32_t first, uint32_t end);

/* wf_for runs `units` units, 0 included, over the team's workers and returns when all are done. */
static inline void wf_for(const wf_team *team, uint32_t units, wf_body *body, void *context) {
  assert(team->threads == 1);
  (void)team;
  body(context, 0, 0, units);
}

#endif
