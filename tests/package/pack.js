/** The package as npm would publish and install it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Packs this repository and unpacks it into node_modules of a project of modules.
 * @param {string} home the project's folder
 * @returns {string} the tarball
 */
export function pack(home) {
  const options = ['pack', '--ignore-scripts', '--loglevel=error', '--json', `--pack-destination=${home}`];
  const packed = JSON.parse(execFileSync('npm', options, { cwd: ROOT, encoding: 'utf8' }));
  const [{ filename }] = /** @type {{ filename: string }[]} */ (Object.values(packed));
  const folder = join(home, 'node_modules/wasmformer');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(home, filename), '--strip-components=1', '-C', folder]);
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  return join(home, filename);
}
