// The package as npm installs it, in every engine with files: both entries by import and by require, the one file, workers, threads, a
// program of one file. It needs `make build` first; the engines lie where the Makefile fetches them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { largestDifference } from '../compare.js';
import { readTensorFile } from '../goldens/models.js';
import { pack } from './pack.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENGINES = process.env.ENGINES ?? join(ROOT, '.cache/engines/node_modules');
const MINILM = process.env.MINILM ?? join(ROOT, '.cache/minilm');
const GOLDEN = join(ROOT, 'tests/goldens/data/models/minilm');
const { sentences, tol } = JSON.parse(readFileSync(join(GOLDEN, 'case.json'), 'utf8'));
const [TEXT, LONGER] = /** @type {string[]} */ ([sentences[0].text, 'kept in whole numbers, byte by byte']);

const [bun, deno] = ['bun', 'deno'].map((name) => join(ENGINES, '.bin', name));
/** How each engine is started, and the build that it gets where the processor has a fused multiply-add. @type {Record<string, [string[], string]>} */
const COMMANDS = {
  'Node 20': [[join(ENGINES, 'node20/bin/node')], 'base'],
  'Node 22': [[join(ENGINES, 'node22/bin/node')], 'relaxed'],
  'Node 24': [[process.execPath], 'relaxed'],
  'Node 26': [[join(ENGINES, 'node26/bin/node')], 'relaxed'],
  Deno: [[deno, 'run', '-A'], 'relaxed'],
  Bun: [[bun], 'base'],
};
const LOADS = `
const encoder = await load(${JSON.stringify(MINILM)});
const vector = [...(await encoder.embed(${JSON.stringify(TEXT)})).data];
const row = [...(await encodings()).sincos1d({ positions: [1], dim: 2 }).data];
const result = { build: encoder.build, vector, row };
encoder.dispose();`;
const IN_WORKER = `
const other = await load(${JSON.stringify(MINILM)}, { worker: true });
result.same = String([...(await other.embed(${JSON.stringify(TEXT)})).data]) === String(vector);
other.dispose();
const shared = await load(${JSON.stringify(MINILM)}, { threads: 2 });
result.threads = shared.info.threads;
result.same &&= String([...(await shared.embed(${JSON.stringify(TEXT)})).data]) === String(vector);
shared.dispose();
const base = await load(${JSON.stringify(MINILM)}, { simd: 'base' });
result.base = String([...(await base.embed(${JSON.stringify(TEXT)})).data]);
base.dispose();
result.int8 = [];
for (const simd of ['base', 'auto']) {
  const whole = await load(${JSON.stringify(MINILM)}, { simd, dtype: 'int8' });
  result.int8.push([\`\${whole.build}, int8\`, String([...(await whole.embed(${JSON.stringify(LONGER)})).data])]);
  whole.dispose();
}`;
const TELLS = '\nconsole.log(JSON.stringify(result));\n';
/** @type {Record<string, string>} */
const PROGRAMS = {
  'entries.js': `import { load } from 'wasmformer';
import { encodings } from 'wasmformer/encodings';${LOADS}${IN_WORKER}${TELLS}`,
  'required.cjs': `const { load } = require('wasmformer');
const { encodings } = require('wasmformer/encodings');
(async () => {${LOADS}${IN_WORKER}${TELLS}})();`,
  'inline.js': `import { load } from 'wasmformer/inline';
import { encodings } from 'wasmformer/inline/encodings';${LOADS}${TELLS}`,
  'inline.cjs': `const { load, encodings } = require('wasmformer/inline');
(async () => {${LOADS}${TELLS}})();`,
};

let home = '';
before(() => {
  home = mkdtempSync(join(tmpdir(), 'wasmformer-engines-'));
  pack(home);
  for (const [name, program] of Object.entries(PROGRAMS)) writeFileSync(join(home, name), program);
});
after(() => rmSync(home, { recursive: true, force: true }));

/** By sentence-transformers. */
const wanted = (() => {
  const all = readTensorFile(join(GOLDEN, 'case.safetensors')).get('out.embeddings');
  assert.ok(all);
  return [...all.data.slice(0, all.shape[1])].map(Number);
})();

/** @param {string[]} command @param {string} [cwd] @returns {any} what a program prints, as JSON */
function run([file, ...rest], cwd = home) {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined };
  return JSON.parse(
    execFileSync(file, rest, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env }),
  );
}

/** @param {{ build: string, vector: number[], row: number[], same?: boolean, threads?: number }} result */
function assertRight({ vector, row, same = true, threads = 2 }) {
  assert.ok(largestDifference(vector, wanted) <= tol, `differs by ${largestDifference(vector, wanted)}`);
  assert.deepEqual(row, [Math.fround(0.8414709848078965), Math.fround(0.5403023058681398)]);
  assert.equal(same, true);
  assert.equal(threads, 2);
}

const [cpu] = existsSync('/proc/cpuinfo')
  ? (readFileSync('/proc/cpuinfo', 'utf8').match(/^flags.*/m) ?? [''])
  : [''];
const isFused = / fma /.test(cpu);

/** The same bits in every engine, however the library came: by each build. @type {Map<string, Set<string>>} */
const vectors = new Map();
const addVector = (/** @type {string} */ build, /** @type {string} */ vector) => {
  const all = vectors.get(build) ?? new Set();
  vectors.set(build, all.add(vector));
  assert.equal(all.size, 1, `${build}: other bits than before`);
};

for (const [engine, [command, build]] of Object.entries(COMMANDS)) {
  describe(engine, () => {
    for (const program of Object.keys(PROGRAMS)) {
      test(`${engine} runs ${program}`, () => {
        const result = run([...command, program]);
        assertRight(result);
        if (isFused) assert.equal(result.build, build);
        addVector(result.build, String(result.vector));
        if (result.base) addVector('base', result.base);
        for (const [kept, vector] of result.int8 ?? []) addVector(kept, vector);
      });
    }
  });
}

test('a program of one file has all but its model', () => {
  const alone = join(home, 'alone');
  mkdirSync(alone);
  execFileSync(bun, ['build', '--compile', 'inline.js', '--outfile', join(alone, 'program')], {
    cwd: home,
    stdio: 'pipe',
  });
  assertRight(run(['./program'], alone));
});
