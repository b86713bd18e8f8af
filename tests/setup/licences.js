/**
 * The licences of what the package has of others: `node tests/setup/licences.js METAFILE…`, the packages that esbuild joined with
 * ours, by its metafiles, to standard output.
 */
import { readdirSync, readFileSync } from 'node:fs';

const inputs = process.argv.slice(2).flatMap((path) => {
  const { inputs: joined } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.keys(joined);
});
const folders = inputs.flatMap((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
for (const folder of [...new Set(folders)].sort()) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${folder} has no file of its licence`);
  process.stdout.write(
    `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n\n\n`,
  );
}
