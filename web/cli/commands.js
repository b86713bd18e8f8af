/** The commands as data: usage, options, help. What they do is in ../cli.js. */
import { COMMON, HOW, INPUTS, JSONL_CSV, LAST, MODEL, PICTURES } from './shared.js';

/** @typedef {import('./arguments.js').Command} Command */

/** @type {Command} */
const embed = {
  usage: 'wasmformer embed --model DIR [options] [FILE…] < lines.txt > vectors.npy',
  about: 'Turns texts, pictures or recordings into vectors.',
  options: {
    ...COMMON,
    format: { ...COMMON.format, choices: ['npy', 'jsonl', 'csv'], about: `${COMMON.format.about}, or npy` },
    text: {
      about: 'put each text, or the name of each picture or recording, beside its vector (jsonl, csv)',
    },
    pooling: {
      value: 'NAME',
      choices: ['cls', 'mean', 'max', 'mean_sqrt_len', 'lasttoken', 'weightedmean', 'pooler'],
      about: 'by default as the model’s files say',
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
    ...PICTURES,
    ...LAST,
  },
  notes: [
    ...INPUTS,
    'An empty line is a text too: row i of the result is line i of the input.',
    'On standard output .npy appears after the last text, since its start says how many there are.',
  ],
};

/** @type {Command} */
const classify = {
  usage: 'wasmformer classify --model DIR [options] [FILE…] < lines.txt > classes.jsonl',
  about:
    'Classifies texts, pictures or recordings: {"text", "classes": [{"label", "score"}, …]} a line, the best class first; in .csv a row a class.',
  options: {
    ...COMMON,
    format: JSONL_CSV,
    pair: { value: 'NAME', about: 'column or field of a second text, as rerankers and NLI models read it' },
    'top-k': { short: 'k', value: 'N', type: 'count', about: 'classes a text; all by default' },
    labels: {
      value: 'A,B',
      about:
        'classes of your own: for texts with models of natural language inference, for pictures with CLIP and SigLIP',
    },
    'multi-label': { about: 'judge each of these labels alone (texts)' },
    'hypothesis-template': {
      value: 'TEXT',
      about:
        'the sentence that a label is put into, by default "This example is {}.", of pictures "This is a photo of {}."',
    },
    function: {
      value: 'NAME',
      choices: ['sigmoid', 'softmax', 'none'],
      about: 'what makes scores of logits; by default as the model’s files say',
    },
    ...PICTURES,
    ...LAST,
  },
  notes: INPUTS,
};

/** @type {Command} */
const transcribe = {
  usage: 'wasmformer transcribe --model DIR [options] FILE.wav…',
  about: 'Writes down what is said in recordings: {"audio", "text"} a line; in .csv a row.',
  options: {
    model: MODEL,
    output: COMMON.output,
    format: JSONL_CSV,
    batch: { value: 'N', type: 'count', about: 'recordings whose texts are written at a time' },
    ...LAST,
  },
  notes: [
    'Recordings are WAV files of PCM or floats; channels are mixed, other rates than the model’s resampled.',
  ],
};

/** @type {Command} */
const tokens = {
  usage: 'wasmformer tokens --model DIR [options] [FILE…] < lines.txt > entities.jsonl',
  about: 'Labels tokens, words and names (NER): {"text", "entities": […]} a line; in .csv a row an entity.',
  options: {
    ...COMMON,
    format: JSONL_CSV,
    'aggregation-strategy': {
      value: 'HOW',
      choices: ['none', 'simple', 'first', 'average', 'max'],
      about: 'how tokens become words and names',
    },
    'ignore-labels': { value: 'A,B', about: 'labels that are left out, O by default' },
    stride: {
      value: 'N',
      type: 'count',
      about: 'read long texts in windows that share N tokens, instead of cutting them',
    },
    ...LAST,
  },
  notes: INPUTS,
};

/** @type {Command} */
const answer = {
  usage: 'wasmformer answer --model DIR --question TEXT [options] [FILE…] < texts.txt > answers.jsonl',
  about:
    'Finds the answer to a question in each text: {"text", "question", "answers": […]} a line; in .csv a row an answer.',
  options: {
    ...COMMON,
    format: JSONL_CSV,
    question: { short: 'q', value: 'TEXT', about: 'the question; or each text has its own, see --pair' },
    pair: { value: 'NAME', about: 'column or field of the question of each text' },
    'top-k': { short: 'k', value: 'N', type: 'count', about: 'answers of a text, 1 by default' },
    'max-seq-len': { value: 'N', type: 'count', about: 'tokens of a window, the question included' },
    'doc-stride': { value: 'N', type: 'count', about: 'tokens that windows share' },
    'max-answer-len': { value: 'N', type: 'count', about: 'tokens of an answer, 15 by default' },
    'handle-impossible-answer': { about: 'the empty answer may be the best' },
    'no-align-to-words': { about: 'answers may begin and end inside words' },
    ...LAST,
  },
  notes: INPUTS,
};

/** @type {Command} */
const fill = {
  usage: 'wasmformer fill --model DIR [options] [FILE…] < lines.txt > words.jsonl',
  about: 'Finds words for the masks of texts: {"text", "masks": [[…]]} a line; in .csv a row a word.',
  options: {
    ...COMMON,
    format: JSONL_CSV,
    'top-k': { short: 'k', value: 'N', type: 'count', about: 'words for a mask, 5 by default' },
    targets: { value: 'A,B', about: 'the words to choose from' },
    ...LAST,
  },
  notes: INPUTS,
};

/** @type {Command} */
const rank = {
  usage: 'wasmformer rank --model DIR --query TEXT [options] [FILE…] < documents.txt > ranked.jsonl',
  about:
    'Puts documents into the order in which they fit a query: {"corpus_id", "score", "text"} a line, the best first.',
  options: {
    ...COMMON,
    format: JSONL_CSV,
    query: { short: 'q', value: 'TEXT', required: true, about: 'what is looked for' },
    'top-k': { short: 'k', value: 'N', type: 'count', about: 'documents to show; all by default' },
    activation: {
      value: 'NAME',
      choices: ['sigmoid', 'softmax', 'none'],
      about: 'what makes a score of the logit; by default as the model’s files say',
    },
    ...LAST,
  },
  notes: [...INPUTS, 'corpus_id counts the documents from 0.'],
};

/** @type {Command} */
const tokenize = {
  usage: 'wasmformer tokenize --model DIR [options] [FILE…] < lines.txt',
  about: 'Shows the tokens of texts, their ids, and where in the text they stand; no model is read.',
  options: {
    ...COMMON,
    format: { ...COMMON.format, choices: ['table', 'jsonl'], about: `${COMMON.format.about}, or a table` },
    pair: { value: 'NAME', about: 'column or field of a second text' },
    'max-length': { value: 'N', type: 'count', about: 'cut texts to so many tokens' },
    ...HOW,
    help: LAST.help,
  },
  notes: [...INPUTS, 'Places are in UTF-16 units, as JavaScript counts them: text.slice(start, end).'],
};

/** @type {Command} */
const info = {
  usage: 'wasmformer info DIR [--json]',
  about: 'Loads a model and says what it is: sizes, parameters, limits, build and memory.',
  options: { json: { about: 'for programs' }, simd: LAST.simd, ...HOW, help: LAST.help },
};

/** @type {Command} */
const quantize = {
  usage: 'wasmformer quantize DIR OUT',
  about:
    'Writes a model with its layers and its table of words in 8 bits: a quarter of the bytes, for load and --dtype int8.',
  options: { progress: LAST.progress, ...HOW, help: LAST.help },
  notes: ['DIR is a folder, an id on the hub or a URL. What load reads beside the weights is copied.'],
};

/** Each encoding has options of its own, which its comment documents. @type {Command} */
const encoding = {
  usage: 'wasmformer encoding NAME [options] -o table.npy',
  about: 'Makes a position encoding or an attention bias: a .npy or .csv file, or a heat map as .png.',
  options: { list: { about: 'the names, and what each one is' }, help: LAST.help },
  notes: ['wasmformer encoding NAME --help has the formula, the options and the source of one.'],
};

/** @type {Record<string, Command>} */
export const COMMANDS = {
  embed,
  classify,
  transcribe,
  rank,
  tokens,
  answer,
  fill,
  tokenize,
  info,
  quantize,
  encoding,
};
