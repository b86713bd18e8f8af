/** The peer of tables: NumPy, one Python process for each way, which answers a line of JSON to each line that it is sent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { python } from '../models.js';

/**
 * @param {import('../workloads.js').TableWorkload} table
 * @param {'f64' | 'f32'} dtype in which it computes; the table is float32 in the end
 */
export function openNumpy({ encoding, sizes, count }, dtype) {
  if (!existsSync(python)) throw new Error(`${python} is missing: \`make bench\` sets it up`);
  const program = fileURLToPath(new URL('../numpy_tables.py', import.meta.url));
  const file = join(tmpdir(), `wasmformer-numpy-${process.pid}-${dtype}.bin`);
  const child = spawn(python, ['-B', program, encoding, dtype, file, ...Object.values(sizes).map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** @param {string} command */
  const ask = async (command) => {
    child.stdin.write(`${command}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`${program} ended at "${command}"`);
    return JSON.parse(value);
  };
  /** @type {{ ms: number, cpu_ms: number, peak_mb: number, numpy: string, python: string } | undefined} */
  let last;
  return {
    build: 'numpy',
    /** The first run gives its numbers too. */
    async run() {
      const isFirst = last === undefined;
      last = /** @type {NonNullable<typeof last>} */ (await ask(isFirst ? 'save' : 'run'));
      const values = isFirst
        ? new Float32Array(new Uint8Array(readFileSync(file)).buffer)
        : new Float32Array(0);
      if (isFirst && values.length !== count)
        throw new Error(`${program} made ${values.length} numbers, not ${count}`);
      return { ms: last.ms, values };
    },
    /** Milliseconds of CPU that its process has used. */
    cpu: () => last?.cpu_ms ?? 0,
    /** What its rows say otherwise than ours. */
    describe: () => ({
      peer: 'numpy',
      dtype,
      engine: `python ${last?.python}`,
      build: `numpy ${last?.numpy}`,
      peak_rss_mb: last?.peak_mb ?? 0,
    }),
    async close() {
      rmSync(file, { force: true });
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
