// Recordings on the command line.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTensorFile } from '../goldens/models.js';
import { run, temporaryFolder } from './command.js';

const SPEECH = fileURLToPath(new URL('../goldens/data/tasks/transcribe-wav2vec2', import.meta.url));
const EXPECTED = ['YIVIK IYVYKYIYVYI Y BV Y VIV VI V KYVY', 'YV IYVY BY YIYVY B YV IVIV'];

/** WAV files of the golden's samples, as floats. @param {string} folder */
function files(folder) {
  const tensors = readTensorFile(join(SPEECH, 'case.safetensors'));
  return EXPECTED.map((_, i) => {
    const { data } = /** @type {any} */ (tensors.get(`audio.${i}`));
    const header = Buffer.from(
      '524946460000000057415645666d74201000000003000100803e000000fa000004002000',
      'hex',
    );
    const size = Buffer.alloc(4);
    size.writeUInt32LE(data.byteLength);
    const path = join(folder, `${i}.wav`);
    writeFileSync(path, Buffer.concat([header, Buffer.from('data'), size, Buffer.from(data.buffer)]));
    return path;
  });
}

test('speech is written down, a line a recording', async (context) => {
  const paths = files(temporaryFolder(context));
  const { code, stdout, stderr } = await run(['transcribe', '-m', SPEECH, ...paths]);
  assert.equal(code, 0, stderr);
  const lines = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines,
    paths.map((audio, i) => ({ audio, text: EXPECTED[i] })),
  );
  const table = await run(['transcribe', '-m', SPEECH, '-f', 'csv', paths[0]]);
  assert.equal(table.stdout.toString(), `audio,text\n${paths[0]},${EXPECTED[0]}\n`);
});

test('recordings become vectors', async (context) => {
  const paths = files(temporaryFolder(context));
  const { stdout, stderr } = await run(['embed', '-m', SPEECH, '-f', 'jsonl', '--text', ...paths]);
  const lines = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ audio, vector }) => [audio, vector.length]),
    paths.map((path) => [path, 32]),
    stderr,
  );
});

test('what is no recording is refused, and recordings where texts are read', async (context) => {
  const [path] = files(temporaryFolder(context));
  /** @type {[string[], RegExp][]} */
  const cases = [
    [['transcribe', '-m', SPEECH], /"standard input" is a text; expected recordings/],
    [['transcribe', '-m', SPEECH, path, 'a.txt'], /is a recording, "a.txt" is not/],
    [['tokens', '-m', SPEECH, path], /is a recording; expected texts/],
    [['tokenize', '-m', SPEECH, path], /is a recording; expected texts/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await run(words, 'a text\n');
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
