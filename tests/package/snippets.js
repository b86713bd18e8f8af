/** Snippets of Markdown files, each of which a test takes: what none has taken is an error. Not a test. */
import assert from 'node:assert/strict';

/** @typedef {{ language: string, code: string, section: string }} Snippet section: the heading of the second level */

/**
 * @param {string} markdown
 * @returns {{ take: (which: (snippet: Snippet) => boolean) => string[], left: () => Snippet[] }} take: the code of those that are not
 *   taken yet, at least one
 */
export function snippetsOf(markdown) {
  const snippets = markdown.split(/^## /m).flatMap((part) => {
    const section = part.slice(0, part.indexOf('\n'));
    return [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
      language,
      code,
      section,
    }));
  });
  /** @type {Set<Snippet>} */
  const taken = new Set();
  const left = () => snippets.filter((snippet) => !taken.has(snippet));
  const take = (/** @type {(snippet: Snippet) => boolean} */ which) => {
    const found = left().filter(which);
    assert.ok(found.length, 'there is such a snippet');
    for (const snippet of found) taken.add(snippet);
    return found.map(({ code }) => code);
  };
  return { take, left };
}
