/**
 * Writes down what the encodings' goldens ask of the core: every call that JavaScript makes, with its arrays and what
 * WebAssembly answered, as a C program that makes the same calls of the native core and expects the same answers, bit for bit.
 * So each golden's calls run under the sanitizers, in memory of exactly their arrays' sizes. Replaying: replay.h.
 *
 *   node tests/native/record.js FILE.c      the arrays go into FILE.bin
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Instance } from '../../bindings/core/instance.js';
import { createEncodings } from '../../bindings/encodings/index.js';
import { loadCore } from '../../web/core.js';
import { runEncodingCase } from '../goldens/encodings.js';

const root = new URL('../../', import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, root), 'utf8');

/** The types of a function's parameters, as c/wasmformer.h has them. @type {Map<string, string[]>} */
const prototypes = new Map(
  [...read('c/wasmformer.h').matchAll(/^(?:WF_EXPORT\(\w+\)\s+)?uint32_t (wf_\w+)\(([^)]*)\);/gm)].map(
    ([, name, list]) => [name, list.split(',').map((one) => one.trim())],
  ),
);

/** Arrays in which any NaN stands for any other. */
const KINDS = { Float32Array: 'F32', Float64Array: 'F64' };

/** The arrays of all calls, one after another. @type {Uint8Array[]} */
const arrays = [];
let end = 0;

/** @param {ArrayBufferView} array @returns {string} where it lies: offset and bytes */
function keep({ buffer, byteOffset, byteLength }) {
  arrays.push(new Uint8Array(buffer, byteOffset, byteLength).slice());
  end += byteLength;
  return `${end - byteLength}u, ${byteLength}u`;
}

/** @param {string} type of a C parameter @param {number} value */
function scalar(type, value) {
  if (!/^(double|float)\b/.test(type))
    return type.startsWith('uint32_t') ? `${value >>> 0}u` : String(value | 0);
  if (Number.isNaN(value)) return '(float)NAN';
  const text = Number.isFinite(value) ? String(value) : `${value < 0 ? '-' : ''}(float)INFINITY`;
  return type.startsWith('float') ? `(float)${text}` : text;
}

/**
 * An instance of the core that writes its calls down, as the encodings see it.
 * @param {Instance} core
 * @param {string[]} lines of C
 * @param {Set<string>} called names of functions
 */
function recorder(core, lines, called) {
  let room = 0; // what was reserved last; only that is passed by its address
  const pointer = (/** @type {number} */ address) => {
    if (address !== 0 && !(address >= room)) throw new Error(`address ${address} was not reserved`);
    return address === 0 ? 'NULL' : `replay_at(${address - room}u)`;
  };
  /** @param {string} type @param {any} argument */
  const word = (type, argument) => {
    if (argument === null) return 'NULL';
    if (typeof argument === 'number') return type.includes('*') ? pointer(argument) : scalar(type, argument);
    const kind = KINDS[/** @type {keyof typeof KINDS} */ (argument.out.constructor.name)] ?? 'BYTES';
    return `replay_out(REPLAY_${kind}, ${keep(argument.out)})`;
  };
  /** @param {string} name @param {any[]} args @param {() => unknown} work */
  const record = (name, args, work) => {
    const types = prototypes.get(name);
    if (types?.length !== args.length)
      throw new Error(`${name} has ${types?.length} parameters in the header`);
    called.add(name);
    const inputs = args.map((one) => (ArrayBuffer.isView(one) ? `replay_in(${keep(one)})` : null));
    let want = 'REPLAY_REFUSED';
    try {
      const result = work() ?? 0;
      want = `${result}u`;
      return result;
    } finally {
      const words = args.map((one, i) => inputs[i] ?? word(types[i], one));
      lines.push(`replay_end("${name}", ${name}(${words.join(', ')}), ${want});`);
    }
  };
  const known = {
    invoke: (/** @type {string} */ name, /** @type {any[]} */ args) =>
      record(name, args, () => core.invoke(name, args)),
    call: (/** @type {string} */ name, /** @type {number[]} */ ...args) =>
      record(name, args, () => core.call(name, ...args)),
    reserve(/** @type {number} */ bytes) {
      room = core.reserve(bytes);
      lines.push(`replay_reserve(${bytes}u);`);
      return room;
    },
    read(/** @type {Float32Array} */ array, /** @type {number} */ address) {
      core.read(array, address);
      lines.push(`replay_look(${keep(array)}, ${pointer(address)});`);
    },
  };
  return new Proxy(/** @type {any} */ (known), {
    get(_, name) {
      if (Object.hasOwn(known, name)) return known[/** @type {keyof typeof known} */ (name)];
      throw new Error(`the recorder does not know the core's ${String(name)}`);
    },
  });
}

/** @param {string} output */
async function main(output) {
  const folder = join(process.env.GOLDENS ?? fileURLToPath(new URL('tests/goldens/data', root)), 'encodings');
  const core = await Instance.create(await loadCore({ simd: 'base' }));
  /** @type {Set<string>} */
  const called = new Set();
  /** @type {string[][]} */
  const cases = [];
  for (const entry of JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')).cases) {
    const lines = [`replay_case("${entry.name}");`];
    const result = runEncodingCase(createEncodings(recorder(core, lines, called)), entry, folder);
    if (typeof result !== 'string' && !(result.worst <= result.tolerance))
      throw new Error(`${entry.name} differs from its reference by ${result.worst}`);
    cases.push(lines);
  }
  const missing = functionsOfBindings().filter((name) => !called.has(name));
  if (missing.length) throw new Error(`no golden reaches ${missing.join(', ')}`);
  const file = output.replace(/\.c$/, '.bin');
  writeFileSync(file, Buffer.concat(arrays));
  writeFileSync(output, programOf(cases, file));
}

/** The core's functions that the encodings call. */
function functionsOfBindings() {
  const files = readdirSync(new URL('bindings/encodings', root)).map((name) =>
    read(`bindings/encodings/${name}`),
  );
  return [...new Set(files.join('').match(/(?<=')wf_\w+(?=')/g))];
}

/** @param {string[][]} cases lines of C @param {string} file of the arrays */
function programOf(cases, file) {
  const bodies = cases.map((lines, i) => `static void case_${i}(void) {\n  ${lines.join('\n  ')}\n}\n`);
  return `/* Made by tests/native/record.js. */
#include "../../tests/native/replay.h"
#include "wasmformer.h"

${bodies.join('\n')}
static void (*const cases[])(void) = {${cases.map((_, i) => `case_${i}`).join(', ')}};

int main(void) {
  replay_open("${file}", ${end}u);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) cases[i]();
  return replay_close();
}
`;
}

await main(process.argv[2]);
