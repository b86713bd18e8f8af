// What every test keeps to: it asserts no time, since a slower machine is no fault of the code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const CLOCKS =
  /performance\.now|Date\.now|new Date\(|hrtime|cpuUsage|clock_gettime|\bclock\(\)|perf_counter|process_time/;

test('no test reads a clock: work is counted instead (formats/steps.js); the benchmark alone measures', () => {
  const files = readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|c|h|py)$/.test(name) && !/^(bench|structure|goldens\/data)\//.test(name))
    .map((name) => join('tests', name));
  assert.ok(files.length > 100, `${files.length} files`);
  assert.deepEqual(
    files.filter((name) => CLOCKS.test(readFileSync(name, 'utf8'))),
    [],
  );
});
