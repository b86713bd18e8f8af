// The declarations of the encodings for TypeScript: written from the tables, they say what the types of the sources say, and each
// option has its words. It needs `make types` first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const SAME = `
import type { Encodings as Derived } from '../../bindings/encodings/index.js';
import type { Encodings as Written } from '../../types/bindings/encodings/index.js';
type Names = keyof Derived & keyof Written & string;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Options<E> = { [K in Names]: E[K & keyof E] extends (options: infer O) => any ? Omit<O, 'out'> : never };
type Results<E> = { [K in Names]: E[K & keyof E] extends (options: any) => infer R ? R : never };
export const names: Same<keyof Derived, keyof Written> = true;
export const options: Same<Options<Derived>, Options<Written>> = true;
export const results: Same<Results<Derived>, Results<Written>> = true;
`;

const USE = `
import type { Tensor } from '../../types/bindings/tensor.js';
import type { encodings } from '../../types/web/encodings.js';
declare const pe: Awaited<ReturnType<typeof encodings>>;
declare const table: Tensor;
const line: Tensor<'float32'> = pe.sincos1d({ length: 3, dim: 4, layout: 'halves', out: new Float32Array(12) });
const index: Tensor<'int32'> = pe.windowIndex({ window: [2, 3] });
const { cos, sin } = pe.rope({ positions: [[0, 1]], dim: 4, scaling: { type: 'linear', factor: 2 } });
const output: Tensor | null = pe.attentionPoolTable({ x: table, table }).output;
const factor: number = pe.ropeFrequencies({ dim: 4 }).attentionFactor;
export const used = [line, index, cos, sin, output, factor];
// @ts-expect-error dim is required
pe.sincos1d({ length: 3 });
// @ts-expect-error no such choice
pe.sincos1d({ length: 3, dim: 4, layout: 'both' });
// @ts-expect-error no such option
pe.sincos1d({ length: 3, dim: 4, dims: 4 });
// @ts-expect-error a string
pe.windowIndex({ window: '2' });
// @ts-expect-error no such field
pe.rope({ length: 3, dim: 4, scaling: { type: 'linear', factors: 2 } });
`;

test('the declarations are those of the sources, and they refuse what the functions refuse', () => {
  mkdirSync('build/types', { recursive: true });
  writeFileSync('build/types/same.ts', SAME);
  writeFileSync('build/types/use.ts', USE);
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths: {} },
    include: ['*.ts'],
    exclude: [],
  };
  writeFileSync('build/types/tsconfig.json', JSON.stringify(config));
  try {
    execFileSync('node_modules/.bin/tsc', ['-p', 'build/types'], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(/** @type {any} */ (error).stdout);
  }
});

test('functions and options have their words, for editors to show', () => {
  const text = readFileSync('types/bindings/encodings/index.d.ts', 'utf8');
  assert.match(
    text,
    /\* The sinusoidal encoding of positions in a sequence\.\n[\s\S]*\* Formula: [\s\S]*\* Models: [\s\S]*\n {2}sincos1d\(/,
  );
  assert.match(
    text,
    /\* rows of zeros in front, for class tokens; 0 by default\n.*an integer from 0 to 2\^20\n.*\n {2}prefix\?: number;/,
  );
  assert.doesNotMatch(text, /\n {2}\w+\??: [^\n]+;\n {2}\w+\??: /, 'an option without words');
});
