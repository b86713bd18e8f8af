/** A project with the package, and with the models and files that the README and the guides speak of. Not a test. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { pack } from './pack.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MINILM = process.env.MINILM ?? join(ROOT, '.cache/minilm');

/** Small models with the tasks of those that are named. */
const TASKS = {
  'vit-base-patch16-224': 'image-vit',
  ...{ 'clip-vit-base-patch32': 'clip-zeroshot', 'wav2vec2-base-960h': 'transcribe-wav2vec2' },
  ...{ 'bert-base-NER': 'tokens-bert', 'bert-squad': 'answer-bert', 'ms-marco-MiniLM': 'rank-bert-sigmoid' },
  ...{ 'bert-nli': 'zeroshot-bert', 'distilbert-base': 'fill-distilbert' },
};

/** @returns {{ home: string, shell: (command: string, cwd?: string) => string, remove: () => void }} */
export function makeHome() {
  const home = mkdtempSync(join(tmpdir(), 'wasmformer-home-'));
  pack(home);
  symlinkSync(MINILM, join(home, 'all-MiniLM-L6-v2'));
  for (const [name, task] of Object.entries(TASKS))
    symlinkSync(join(ROOT, 'tests/goldens/data/tasks', task), join(home, name));
  mkdirSync(join(home, 'node_modules/.bin'));
  symlinkSync('../wasmformer/dist/cli.js', join(home, 'node_modules/.bin/wasmformer'));
  for (const name of ['vite', 'webpack', 'esbuild', 'rollup'])
    symlinkSync(join(ROOT, 'node_modules/.bin', name), join(home, 'node_modules/.bin', name));
  const grey = { width: 40, height: 30, channels: 1, data: new Uint8Array(1200).fill(120) };
  // By its content, which counts, a file is what it is, whatever its name.
  for (const name of ['cat.jpg', 'dog.jpg']) writeFileSync(join(home, name), encode(grey));
  writeFileSync(join(home, 'speech.wav'), tone());
  writeFileSync(join(home, 'lines.txt'), 'a text\nanother\n');
  writeFileSync(join(home, 'texts.csv'), 'id,body\n1,"a text"\n');
  keep(home);
  const env = { ...process.env, HF_HUB_CACHE: join(home, 'hub'), HF_HUB_OFFLINE: '1' };
  return {
    home,
    shell: (command, cwd = home) =>
      execFileSync('bash', ['-ec', command], {
        cwd,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** MiniLM as Python's tools keep it once they have fetched all of it; nothing here asks the hub. @param {string} home */
function keep(home) {
  const commit = '1'.repeat(40);
  const kept = join(home, 'hub/models--sentence-transformers--all-MiniLM-L6-v2');
  mkdirSync(join(kept, 'snapshots', commit), { recursive: true });
  mkdirSync(join(kept, 'refs'));
  writeFileSync(join(kept, 'refs/main'), commit);
  for (const name of readdirSync(MINILM))
    symlinkSync(join(MINILM, name), join(kept, 'snapshots', commit, name));
  writeFileSync(join(kept, 'snapshots', commit, '.gitattributes'), '');
}

/** A second of a tone at 8 kHz, 16 bits, as a WAV file. */
function tone() {
  const wav = Buffer.alloc(44 + 16000);
  wav.write('RIFF\x24\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1');
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(16000, 28);
  wav.write('\x02\0\x10\0data', 32, 'latin1');
  wav.writeUInt32LE(16000, 40);
  for (let i = 0; i < 8000; i++) wav.writeInt16LE(Math.round(9000 * Math.sin(i / 5)), 44 + 2 * i);
  wav.writeUInt32LE(36 + 16000, 4);
  return wav;
}
