// What the tests of the documentation share: pages built into a folder of their own, and what stands in them. Not a test.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDocs } from '../../demo/docs/build.js';

/** @returns {Promise<{ folder: string, pages: Map<string, string>, files: Set<string>, remove: () => void }>} pages: by file name */
export async function buildPages() {
  const folder = mkdtempSync(join(tmpdir(), 'wasmformer-docs-'));
  await buildDocs(folder);
  const files = new Set(readdirSync(folder));
  const pages = [...files].filter((file) => file.endsWith('.html'));
  return {
    folder,
    files,
    pages: new Map(pages.map((file) => [file, readFileSync(join(folder, file), 'utf8')])),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The sections of a page by their headings. @param {string} page @returns {Map<string, string>} */
export const sectionsOf = (page) =>
  new Map(
    [...page.matchAll(/<h2 id="[^"]+">([^<]*)<\/h2>(.*?)<\/section>/gs)].map(([, title, content]) => [
      title,
      content,
    ]),
  );

/** @param {string} content @returns {string} what is read of it */
export const textOf = (content) =>
  content
    .replace(/<[^>]*>/g, ' ')
    .replace(
      /&(lt|gt|quot|amp);/g,
      (_, name) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[/** @type {'lt'} */ (name)],
    )
    .replace(/\s+/g, ' ')
    .trim();
