/* The one seam for threads: loops over units of work that do not depend on each other. Whoever opens a loop works in it
 * itself, and takes back what no other thread has come for: a thread that is late, or away, holds nobody up. Which thread
 * does a unit changes no bit. Not here: where threads come from (web/), what units are (c/encoders). */
#ifndef WF_TEAM_H
#define WF_TEAM_H

#include "../wasmformer.h"

enum { WF_MAX_THREADS = 16 };

/* Does units first .. end - 1 as thread `thread`, 0 being the one that opened the loop: for whose workspace to use. */
typedef void wf_body(void *context, uint32_t thread, uint32_t first, uint32_t end);

/* wf_for runs `units` units, 0 included, of about `cost` multiplications each, and returns when all are done. Without a
 * team, or where the work is less than what sharing takes, the caller does it alone. */
void wf_for(wf_team *team, uint32_t units, uint64_t cost, wf_body *body, void *context);

/* wf_team_failures returns how many threads have failed, 0 without a team. */
uint32_t wf_team_failures(const wf_team *team);

#endif
