/**
 * Whether memory stays: `node --expose-gc tests/soak/memory.js [forwards] [loads]`. Resident memory over many forwards, of one thread and
 * of two, and over many models that are loaded and disposed of. Ends with 1 if it grows.
 */
import { load } from '../../web/index.js';
import { minilm } from '../encoder/fixtures.js';

const [forwards = 10_000, loads = 60] = process.argv.slice(2).map(Number);
/** Forwards, or loads, after which nothing new comes to be. */
const [WARM, WARM_LOADS] = [0.1, 0.25];
/** MB that resident memory may differ by: it is a system's, and goes up and down. */
const SLACK = 24;

let grew = false;

async function resident() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage.rss() / 1e6;
}

/** @param {string} what @param {number} count @param {number} warm of them @param {(i: number) => Promise<unknown>} step */
async function watch(what, count, warm, step) {
  let before = 0;
  for (let i = 0; i < count; i++) {
    if (i === Math.ceil(warm * count)) before = await resident();
    await step(i);
  }
  const after = await resident();
  grew ||= after > before + SLACK;
  console.log(
    `${what}: ${before.toFixed(0)} MB after ${Math.ceil(warm * count)}, ${after.toFixed(0)} MB after ${count}`,
  );
}

for (const threads of [1, 2]) {
  const encoder = await load(minilm, { threads });
  await watch(`forwards, ${threads === 1 ? 'one thread' : 'two threads'}`, forwards, WARM, (i) =>
    encoder.forward({
      input_ids: [Array.from({ length: 3 + (i % 14) }, (_, k) => 100 + ((i * 31 + k * 7) % 20000))],
    }),
  );
  encoder.dispose();
}
for (const options of [{}, { threads: 2 }, { worker: true }]) {
  await watch(`loads with ${JSON.stringify(options)}`, loads, WARM_LOADS, async () => {
    const encoder = await load(minilm, options);
    await encoder.embed('a text');
    encoder.dispose();
  });
}
if (grew) {
  console.error(`memory grew by more than ${SLACK} MB`);
  process.exitCode = 1;
}
