/** Safetensors files that lie, of any size: what makes a careless reader take more than its share of steps. Not a test. */
import { entry, makeFile } from './bent.js';

/**
 * Files that no reader may accept.
 * @returns {{ name: string, make: (n: number) => Uint8Array }[]} n: how many of what they repeat
 */
export function growingFiles() {
  const a = JSON.stringify(entry('F32', [0], [0, 0]));
  const tensors = (/** @type {number} */ n, /** @type {(i: number) => string} */ nameOf) =>
    Array.from({ length: n }, (_, i) => `"${nameOf(i)}":${a}`).join();
  /** @type {Record<string, (n: number) => string>} */
  const headers = {
    'arrays in arrays': (n) => `{"a":${'['.repeat(n)}${']'.repeat(n)}}`,
    'objects in objects': (n) => '{"a":'.repeat(n) + '}'.repeat(n),
    'values in one array': (n) => `{"a":[${'0,'.repeat(n)}0]}`,
    'spaces without an end': (n) => `{${' '.repeat(n)}`,
    'quotes alone': (n) => `{${'"'.repeat(n)}`,
    'a string without an end': (n) => `{"${'x'.repeat(n)}`,
    'an escape before each quote': (n) => `{"${'\\"'.repeat(n)}`,
    'strings of escaped quotes': (n) => `{"a":[${'"\\"",'.repeat(n)}0]}`,
    'backslashes to the end': (n) => `{"a":"${'\\'.repeat(2 * n + 1)}"}`,
    'tensors, the last one twice': (n) => `{${tensors(n, String)},"${n - 1}":${a}}`,
    'tensors in reverse, the last with a hole': (n) =>
      `{${tensors(n, (i) => String(2 * n - i))},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`,
    'tensors of one name': (n) => `{${tensors(n, () => 'a')}}`,
    'notes, one of them no text': (n) =>
      `{"__metadata__":{${Array.from({ length: n }, (_, i) => `"${i}":""`)},"x":0}}`,
  };
  return Object.entries(headers).map(([name, header]) => ({
    name,
    make: (n) => makeFile(header(n), { data: 0 }),
  }));
}
