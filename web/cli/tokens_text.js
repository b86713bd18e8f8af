/** Tokens of a text as a table for people, or a line of .jsonl. */
import { printable, toJson } from './printable.js';

/**
 * @typedef {import('./records.js').Record} Record
 */

/**
 * @param {'table' | 'jsonl'} format
 * @param {Record} record
 * @param {import('../../bindings/text/public.js').Encoding} encoding
 */
export function tokensText(format, { text, pair }, { tokens, ids, offsets, sequenceIds, truncated }) {
  const texts = { text, ...(pair !== undefined && { pair }) };
  if (format === 'jsonl') return `${toJson({ ...texts, tokens, ids: [...ids], offsets, truncated })}\n`;
  const rows = tokens.map((token, i) => {
    const sequence = sequenceIds[i];
    const [start, end] = offsets[i];
    const part = sequence === null ? '' : [text, pair ?? ''][sequence].slice(start, end);
    const place = sequence === null ? '' : `${start}-${end}`;
    return [printable(token), String(ids[i]), place, toJson(part)];
  });
  const columns = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, i) =>
        i === 3 ? cell.replace(/^""$/, '') : i === 0 ? cell.padEnd(columns[0]) : cell.padStart(columns[i]),
      )
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}${rows.length ? '\n' : ''}${truncated ? '(cut here)\n' : ''}\n`;
}
