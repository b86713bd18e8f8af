/** The commands as data: usage, options, help. What they do is in ../cli.js. */

/**
 * @typedef {import('./arguments.js').Command} Command
 * @typedef {import('./arguments.js').Option} Option
 */

/** Texts that are held at a time. */
export const BATCH = 256;

/** Options of every command that runs texts through a model. @type {Record<string, Option>} */
const COMMON = {
  model: { short: 'm', value: 'DIR', required: true, about: 'folder of the model, or its URL' },
  output: { short: 'o', value: 'FILE', about: 'write there instead of standard output' },
  batch: { value: 'N', type: 'count', about: `texts that are held at a time, ${BATCH} by default` },
};

/** @type {Record<string, Option>} */
export const LAST = {
  simd: { value: 'BUILD', choices: ['auto', 'base', 'relaxed'], about: 'build of the core' },
  progress: { about: 'show progress where standard error is no terminal, too' },
  help: { short: 'h', about: 'show this help' },
};

/** @type {Command} */
const embed = {
  usage: 'wasmformer embed --model DIR [options] [FILE…] < lines.txt > vectors.npy',
  about: 'Turns texts, one a line, into vectors.',
  options: {
    ...COMMON,
    format: {
      short: 'f',
      value: 'FORMAT',
      choices: ['npy', 'jsonl', 'csv'],
      about: 'by the name of --output, or npy',
    },
    text: { about: 'put each text beside its vector (jsonl)' },
    pooling: {
      value: 'NAME',
      about: 'cls, mean, max, mean_sqrt_len, lasttoken or weightedmean; by default as the model’s files say',
    },
    normalize: { about: 'scale vectors to unit length; by default as the model’s files say' },
    'no-normalize': { about: 'leave them as they are' },
    dimensions: { value: 'N', type: 'count', about: 'keep the first N values of a vector' },
    prompt: { value: 'TEXT', about: 'put before every text' },
    'prompt-name': { value: 'NAME', about: 'one of the model’s prompts, put before every text' },
    precision: { value: 'NAME', choices: ['float32', 'int8', 'binary'], about: 'of the values' },
    'on-truncate': {
      value: 'WHAT',
      choices: ['cut', 'error', 'chunk'],
      about: 'what becomes of texts too long',
    },
    ...LAST,
  },
  notes: [
    'An empty line is a text too: row i of the result is line i of the input.',
    'On standard output .npy appears after the last text, since its start says how many there are.',
  ],
};

/** @type {Command} */
const classify = {
  usage: 'wasmformer classify --model DIR [options] [FILE…] < lines.txt > classes.jsonl',
  about:
    'Classifies texts, one a line: {"text", "classes": [{"label", "score"}, …]} a line, the best class first.',
  options: {
    ...COMMON,
    'top-k': { short: 'k', value: 'N', type: 'count', about: 'classes a text; all by default' },
    ...LAST,
  },
};

/** @type {Command} */
const info = {
  usage: 'wasmformer info DIR [--json]',
  about: 'Loads a model and says what it is: sizes, parameters, limits, build and memory.',
  options: { json: { about: 'for programs' }, simd: LAST.simd, help: LAST.help },
};

/** Each encoding has options of its own, which its comment documents. @type {Command} */
const encoding = {
  usage: 'wasmformer encoding NAME [options] -o table.npy',
  about: 'Makes a position encoding or an attention bias: a .npy or .csv file, or a heat map as .png.',
  options: { list: { about: 'the names, and what each one is' }, help: LAST.help },
  notes: ['wasmformer encoding NAME --help has the formula, the options and the source of one.'],
};

/** @type {Record<string, Command>} */
export const COMMANDS = { embed, classify, encoding, info };
