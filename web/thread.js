/** The program of a thread: one more instance of the core on the memory of another, for the loops that it shares. */
import { parentPort } from './worker-port.js';

const port = parentPort();

port.listen(async ({ module, memory, stack, team, thread }) => {
  const { exports } = /** @type {any} */ (await WebAssembly.instantiate(module, { env: { memory } }));
  exports.__stack_pointer.value = stack;
  port.post({ joined: thread });
  try {
    exports.wf_team_join(team, thread);
  } catch {
    exports.__stack_pointer.value = stack;
    exports.wf_team_fail(team);
  }
});
