/** The options that several commands have. */

/** @typedef {import('./arguments.js').Option} Option */

/** Texts that are held at a time. */
export const BATCH = 256;

/** @type {Option} */
export const MODEL = {
  short: 'm',
  value: 'DIR',
  required: true,
  about: 'folder of the model, its id on the hub, or its URL',
};

/** Which texts a file has. @type {Record<string, Option>} */
const INPUT = {
  column: { value: 'NAME', about: 'column of a .csv or .tsv, by its name or number; "text" by default' },
  'no-header': { about: 'the first row of a .csv is a text too' },
  field: { value: 'NAME', about: 'field of a .jsonl; "text" by default' },
};

/** Options of every command that runs texts through a model. @type {Record<string, Option>} */
export const COMMON = {
  model: MODEL,
  output: { short: 'o', value: 'FILE', about: 'write there instead of standard output' },
  format: { short: 'f', value: 'FORMAT', about: 'by the name of --output' },
  ...INPUT,
  batch: { value: 'N', type: 'count', about: `texts that are held at a time, ${BATCH} by default` },
};

/** @type {Option} */
export const JSONL_CSV = {
  ...COMMON.format,
  choices: ['jsonl', 'csv'],
  about: `${COMMON.format.about}, or jsonl`,
};

/** @type {Record<string, Option>} */
export const PICTURES = {
  orientation: {
    value: 'WHAT',
    choices: ['apply', 'ignore'],
    about: 'whether pictures are turned as their files say',
  },
};

/** @type {Record<string, Option>} */
export const HOW = {
  revision: { value: 'NAME', about: 'branch, tag or commit of a model of the hub, main by default' },
  timeout: { value: 'MS', type: 'count', about: 'milliseconds that a server may send nothing' },
};
/** @type {Record<string, Option>} */
export const LAST = {
  simd: {
    value: 'BUILD',
    choices: ['auto', 'base', 'relaxed', 'wide'],
    about: 'build of the core, by default that of $WASMFORMER_SIMD or the best',
  },
  dtype: { value: 'TYPE', choices: ['f32', 'int8'], about: 'how weights are kept, f32 by default' },
  threads: { value: 'N', type: 'count', about: 'threads that share a forward, one by default' },
  ...HOW,
  progress: { about: 'show progress where standard error is no terminal, too' },
  help: { short: 'h', about: 'show this help' },
};

export const INPUTS = [
  'Files are read in turn, standard input without them: .csv and .tsv by --column, .jsonl by --field, pictures and .wav by their',
  'names, all else line by line. --column and --field say how to read standard input, too. Text is UTF-8.',
];
