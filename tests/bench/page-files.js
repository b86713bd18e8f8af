/** What the rooms add to the first screen, from the files of build/site: scripts and baked numbers, pressed as the server does. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ASSETS = fileURLToPath(new URL('../../build/site/assets/', import.meta.url));
const ROOMS = ['encodings', 'draw', 'pictures', 'sentences', 'inside', 'speed'];

/** @returns {[room: string, kilobytes: number][]} */
export function chunkSizes() {
  const names = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));
  const first = closureOf(names.filter((name) => name.startsWith('main-')));
  return ROOMS.map((room) => {
    // A room's script and the numbers baked for it have its name.
    const own = closureOf(names.filter((name) => new RegExp(`^${room}-[^-]+$`).test(name)));
    const added = [...own].filter((name) => !first.has(name));
    return [room, added.reduce((sum, name) => sum + gzipSync(readFileSync(ASSETS + name)).length, 0) / 1000];
  });
}

/** These scripts and all that they import before they run. @param {string[]} names */
export function closureOf(names) {
  const all = new Set(names);
  for (const name of all)
    for (const [, other] of readFileSync(ASSETS + name, 'utf8').matchAll(
      /(?:from|import)\s*"\.\/([^"]+\.js)"/g,
    ))
      all.add(other);
  return all;
}
