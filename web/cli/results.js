/** Results of tasks as lines of .jsonl, rows of .csv, or a table for people. Not here: vectors (output.js). */
import { csvRow } from './output.js';
import { printable, toJson } from './printable.js';

/**
 * @typedef {import('./records.js').Record} Record
 * @typedef {import('./output.js').Sink} Sink
 * @typedef {{ label: string, score: number }[]} Classes
 */

/**
 * @param {'jsonl' | 'csv'} format
 * @param {Sink} sink
 * @param {string} name of what is classified
 */
export function classWriter(format, sink, name) {
  let isFirst = true;
  const names = (/** @type {Record} */ { text, pair }) => ({
    [name]: text,
    ...(pair !== undefined && { pair }),
  });
  return {
    /** @param {Record[]} records @param {Classes[]} results */
    async write(records, results) {
      const header =
        isFirst && format === 'csv' ? [[...Object.keys(names(records[0])), 'label', 'score']] : [];
      isFirst = false;
      const lines = records.flatMap((record, i) => {
        if (format === 'jsonl') return toJson({ ...names(record), classes: results[i] });
        return results[i].map(({ label, score }) => csvRow([...Object.values(names(record)), label, score]));
      });
      await sink.write([...header.map(csvRow), ...lines].map((line) => `${line}\n`).join(''));
    },
    end: async () => {},
  };
}

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
