/** What is measured, as data: models of known sizes with random weights, and tables of positions. */

/**
 * @typedef {object} Workload
 * @property {string} key in addresses and files
 * @property {string} name
 * @property {string} what
 * @property {string} [published] its row in tests/bench/RESULTS.md
 * @property {number} [gflop] where the benchmark does not count it: 2·M·N·K of every product, in units of 1e9
 * @property {{ encoding: 'sincos1d' | 'sincos2d', options: Record<string, number> }} [table]
 * @property {{ config: Record<string, any>, batch: number, tokens: number }} [text]
 * @property {{ config: Record<string, any> }} [picture]
 */

/** @param {number} width @param {number} layers @param {number} heads @param {number} vocabulary @param {number} [inner] */
const bert = (width, layers, heads, vocabulary, inner = 4 * width) => ({
  model_type: 'bert',
  architectures: ['BertModel'],
  hidden_size: width,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  intermediate_size: inner,
  vocab_size: vocabulary,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
});

/** all-MiniLM-L6-v2's sizes. */
const MINILM = bert(384, 6, 12, 30522);
/** The text models of this page. */
const OWN = bert(32, 2, 4, 236, 64);
/** One layer, so wide that products of matrices are nearly all of its work. */
const WIDE = bert(1024, 1, 16, 128);
const WIDE_ROWS = 256;

const DEIT = {
  model_type: 'vit',
  architectures: ['ViTForImageClassification'],
  hidden_size: 384,
  num_hidden_layers: 12,
  num_attention_heads: 6,
  intermediate_size: 1536,
  image_size: 224,
  patch_size: 16,
  num_channels: 3,
  qkv_bias: true,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  id2label: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, `LABEL_${i}`])),
};

/** Products of one layer of width D and inner width F over T rows. @param {Record<string, any>} config @param {number} tokens */
const layersGflop = ({ hidden_size: width, intermediate_size: inner, num_hidden_layers: layers }, tokens) =>
  (layers * tokens * 2 * (4 * width * width + 2 * width * inner + 2 * tokens * width)) / 1e9;

/** @type {Workload[]} */
export const WORKLOADS = [
  {
    key: 'grid',
    name: 'Waves on a grid',
    what: 'sincos2d, 64 × 64 places of 1024 numbers',
    published: 'sincos2d 64x64x1024',
    table: { encoding: 'sincos2d', options: { height: 64, width: 64, dim: 1024 } },
  },
  {
    key: 'line',
    name: 'Waves on a line',
    what: 'sincos1d, 4096 places of 1024 numbers',
    published: 'sincos1d 4096x1024',
    table: { encoding: 'sincos1d', options: { length: 4096, dim: 1024 } },
  },
  {
    key: 'own',
    name: 'This page’s text model',
    what: '2 layers of width 32, 12 tokens',
    gflop: layersGflop(OWN, 12),
    text: { config: OWN, batch: 1, tokens: 12 },
  },
  {
    key: 'wide',
    name: 'Matrix products',
    what: `one layer of width 1024, ${WIDE_ROWS} rows`,
    gflop: layersGflop(WIDE, WIDE_ROWS),
    text: { config: WIDE, batch: 1, tokens: WIDE_ROWS },
  },
  {
    key: 'minilm-1x128',
    name: 'A text',
    what: 'MiniLM’s size, 128 tokens',
    published: 'minilm 1x128',
    text: { config: MINILM, batch: 1, tokens: 128 },
  },
  {
    key: 'minilm-8x128',
    name: 'Eight texts',
    what: 'MiniLM’s size, 8 × 128 tokens',
    published: 'minilm 8x128',
    text: { config: MINILM, batch: 8, tokens: 128 },
  },
  {
    key: 'deit-small',
    name: 'A picture',
    what: 'DeiT-small’s size, 224 × 224 pixels',
    published: 'deit-small 1',
    picture: { config: DEIT },
  },
];
