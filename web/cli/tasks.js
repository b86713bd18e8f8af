/** The commands of the tasks whose results are lists: what they call, and how a result becomes lines of .jsonl or rows of .csv. */
import { load } from '../index.js';
import { UsageError } from './arguments.js';
import { csvRow } from './output.js';
import { toJson } from './printable.js';
import { NAMES, ONE } from './records.js';
import { asked, forEachBatch, formatOf, given, loading } from './run.js';

/**
 * @import { Encoder } from '../index.js'
 * @import { Values } from './arguments.js'
 * @import { Kind, Record as Input } from './records.js'
 *
 * @typedef {object} Task
 * @property {string} [field] of a line that has the results; without it each result is a line
 * @property {string[]} columns of .csv, beside the text
 * @property {Kind[]} [kinds] what it is about, texts by default
 * @property {boolean} [isWhole] all texts are needed at once
 * @property {(encoder: Encoder, records: Input[], values: Values, kind: Kind) => Promise<any[][]>} call the results of each
 *   record
 * @property {(result: any) => (string | number)[]} cells of a result
 * @property {(records: Input[], values: Values) => [texts: string[], pair?: string[]]} [read] what the model reads, if it may be cut
 */

/** @param {string | undefined} list with commas */
const listOf = (list) => list?.split(',').map((one) => one.trim());
const textsOf = (/** @type {Input[]} */ records) => records.map(({ text }) => text);

/** @type {Record<string, Task>} */
const CALLS = {
  classify: {
    field: 'classes',
    columns: ['label', 'score'],
    kinds: ['texts', 'pictures', 'recordings'],
    call(encoder, records, values, kind) {
      const options = given({
        topK: values['top-k'],
        labels: listOf(values.labels),
        multiLabel: values['multi-label'],
        hypothesisTemplate: values['hypothesis-template'],
        functionToApply: values.function,
        orientation: values.orientation,
      });
      const input = records.map(({ text, pair }) =>
        kind !== 'texts' ? { path: text } : pair === undefined ? text : { text, pair },
      );
      return encoder.classify(/** @type {any} */ (input), options);
    },
    cells: ({ label, score }) => [label, score],
    read: (records) =>
      records[0].pair === undefined
        ? [textsOf(records)]
        : [textsOf(records), records.map(({ pair = '' }) => pair)],
  },
  transcribe: {
    columns: ['audio', 'text'],
    kinds: ['recordings'],
    async call(encoder, records) {
      const found = await encoder.transcribe(records.map(({ text }) => ({ path: text })));
      return found.map(({ text }, i) => [{ audio: records[i].text, text }]);
    },
    cells: ({ audio, text }) => [audio, text],
  },
  tokens: {
    field: 'entities',
    columns: ['entity', 'score', 'word', 'start', 'end'],
    call: (encoder, records, values) =>
      encoder.tokens(
        textsOf(records),
        given({
          aggregationStrategy: values['aggregation-strategy'],
          ignoreLabels: listOf(values['ignore-labels']),
          stride: values.stride,
        }),
      ),
    cells: ({ entity, entity_group, score, word, start, end }) => [
      entity ?? entity_group,
      score,
      word,
      start,
      end,
    ],
    read: (records) => [textsOf(records)],
  },
  answer: {
    field: 'answers',
    columns: ['answer', 'score', 'start', 'end'],
    async call(encoder, records, values) {
      if ((values.question === undefined) === (values.pair === undefined))
        throw new UsageError(
          'expected --question TEXT, or --pair NAME of the column or field with questions',
        );
      const options = given({
        topK: values['top-k'],
        maxSeqLen: values['max-seq-len'],
        docStride: values['doc-stride'],
        maxAnswerLen: values['max-answer-len'],
        handleImpossibleAnswer: values['handle-impossible-answer'],
        alignToWords: values['no-align-to-words'] && false,
      });
      const results = [];
      for (const { text, pair = values.question } of records)
        results.push(await encoder.answer(pair, text, options));
      return results;
    },
    cells: ({ answer, score, start, end }) => [answer, score, start, end],
  },
  fill: {
    field: 'masks',
    columns: ['mask', 'token_str', 'score', 'sequence'],
    call: (encoder, records, values) =>
      encoder.fill(textsOf(records), given({ topK: values['top-k'], targets: listOf(values.targets) })),
    cells: ({ mask, token_str, score, sequence }) => [mask, token_str, score, sequence],
  },
  rank: {
    columns: ['corpus_id', 'score', 'text'],
    isWhole: true,
    call: async (encoder, records, values) => [
      await encoder.rank(
        values.query,
        textsOf(records),
        given({ topK: values['top-k'], activation: values.activation, returnDocuments: true }),
      ),
    ],
    cells: ({ corpus_id, score, text }) => [corpus_id, score, text],
    read: (records, { query }) => [records.map(() => query), textsOf(records)],
  },
};

/** The commands. @type {Record<string, (values: Values, files: string[]) => Promise<void>>} */
export const TASKS = Object.fromEntries(
  Object.entries(CALLS).map(([command, task]) => [
    command,
    (values, files) => run(command, task, values, files),
  ]),
);

/** @param {string} command @param {Task} task @param {Values} values @param {string[]} files */
async function run(command, task, values, files) {
  const format = formatOf(values, /** @type {const} */ (['jsonl', 'csv']));
  const open = (/** @type {any} */ progress) =>
    asked(() => load(values.model, { ...loading(values), progress }));
  const batch = task.isWhole ? Number.POSITIVE_INFINITY : undefined;
  await forEachBatch({ command, values, files, batch }, open, (sink, encoder, kind) => {
    const { kinds = ['texts'] } = task;
    if (!kinds.includes(kind))
      throw new UsageError(
        `"${files[0] ?? 'standard input'}" is a ${ONE[kind]}; expected ${kinds.join(' or ')}`,
      );
    let isFirst = true;
    return {
      async write(records) {
        const results = await asked(() => task.call(encoder, records, values, kind));
        const named = records.map((record) => namesOf(record, command, values, kind));
        const { field } = task;
        const header = [...(field ? Object.keys(named[0]) : []), ...task.columns];
        const lines =
          format === 'csv'
            ? results.flatMap((some, i) => rowsOf(task, field ? Object.values(named[i]) : [], some))
            : results.flatMap((some, i) =>
                field ? [toJson({ ...named[i], [field]: some })] : some.map((one) => toJson(one)),
              );
        if (format === 'csv' && isFirst) lines.unshift(csvRow(header));
        isFirst = false;
        await sink.write(lines.map((line) => `${line}\n`).join(''));
        const cuts = kind === 'texts' && values.stride === undefined && task.read;
        if (!cuts) return [];
        const [texts, pair] = cuts(records, values);
        return encoder.tokenize(texts, given({ pair })).truncated;
      },
      end: async () => {},
    };
  });
}

/** What a record is called in results. @param {Input} record @param {string} command @param {Values} values @param {Kind} kind */
function namesOf({ text, pair }, command, values, kind) {
  const [first, second] = command === 'answer' ? ['text', 'question'] : [NAMES[kind], 'pair'];
  const other = pair ?? values.question;
  return { [first]: text, ...(other !== undefined && { [second]: other }) };
}

/** @param {Task} task @param {string[]} names @param {any[]} results those of masks lie in lists */
function rowsOf(task, names, results) {
  const flat = results.flatMap((one, mask) =>
    Array.isArray(one) ? one.map((word) => ({ ...word, mask })) : [one],
  );
  return flat.map((one) => csvRow([...names, ...task.cells(one)]));
}
