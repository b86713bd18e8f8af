/** Writes programs with their inputs and expected results, and has Python run them. Not here: which programs. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Tensor } from '../../bindings/tensor.js';
import { codeOf, filesOf } from '../../demo/code/index.js';
import { snake } from '../../demo/code/python.js';

const PROGRAMS = fileURLToPath(new URL('programs.py', import.meta.url));

/**
 * @param {string} python the interpreter
 * @param {import('./cases.js').Case[]} cases
 * @param {'numpy' | 'pytorch'} language
 * @returns {Promise<{ differing: string[], programs: number, worst: number }>} differing: what is wrong, with the program
 */
export async function runPrograms(python, cases, language) {
  const top = mkdtempSync(join(tmpdir(), 'wasmformer-code-'));
  try {
    const programs = cases.map(({ name, options, results }, i) => {
      const folder = `${i}-${name}`;
      mkdirSync(join(top, folder));
      for (const [file, tensor] of Object.entries(filesOf(name, options, language)))
        writeFileSync(join(top, folder, file), tensor.toNpy());
      const named = Object.entries(results).map(([key, value]) => {
        const tensor = value instanceof Tensor ? value : new Tensor('float64', Float64Array.of(value), []);
        writeFileSync(join(top, folder, `expected-${key}.npy`), tensor.toNpy());
        return [snake(key), `expected-${key}.npy`];
      });
      return { folder, code: codeOf(name, options, language), results: Object.fromEntries(named) };
    });
    writeFileSync(join(top, 'programs.json'), JSON.stringify(programs));
    const { stdout } = await promisify(execFile)(python, [PROGRAMS, top], { maxBuffer: 2 ** 28 });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const told = lines.pop();
    const differing = lines.map(({ folder, error }) => {
      const { code } = /** @type {{ code: string }} */ (programs.find((one) => one.folder === folder));
      return `${folder}: ${error}\n${JSON.stringify(cases[Number.parseInt(folder, 10)].options)?.slice(0, 400)}\n${code}`;
    });
    return { differing, ...told };
  } finally {
    rmSync(top, { recursive: true });
  }
}
