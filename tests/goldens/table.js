/**
 * The README's table of models: which families have reference outputs here, and what their models can do. `node
 * tests/goldens/table.js` loads each of them and prints it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { load, UnsupportedError } from '../../web/index.js';

const DATA = fileURLToPath(new URL('data/', import.meta.url));

/** Models that people know, in the order of the table. @type {Record<string, string>} */
const KNOWN = {
  bert: 'BERT, all-MiniLM, bge, e5, gte, cross-encoders',
  distilbert: 'DistilBERT, SST-2 and multilingual models',
  ernie: 'ERNIE',
  roberta: 'RoBERTa, all-distilroberta, sentiment models',
  'roberta-prelayernorm': 'RoBERTa with norms in front',
  'xlm-roberta': 'XLM-R, multilingual-e5, bge-m3 (dense vectors), bge-reranker',
  camembert: 'CamemBERT',
  'data2vec-text': 'Data2Vec',
  mpnet: 'all-mpnet-base',
  albert: 'ALBERT',
  electra: 'ELECTRA',
  'deberta-v2': 'DeBERTa v2 and v3, zero-shot NLI models',
  deberta: 'DeBERTa v1',
  modernbert: 'ModernBERT, gte-modernbert',
  eurobert: 'EuroBERT',
  nomic_bert: 'nomic-embed-text; no mixture of experts',
  gte: 'gte-multilingual-base of transformers 5',
  new: 'gte-multilingual, gte-large-en-v1.5; no NTK scaling',
  gemma3_text: 'EmbeddingGemma',
  roformer: 'RoFormer; not with `rotary_value`',
  jina_embeddings_v3: 'jina-embeddings-v3-hf; not its adapters',
  esm: 'ESM-2',
  t5: 'the encoders of T5, sentence-t5',
  mt5: 'the encoder of mT5',
  umt5: 'the encoder of UMT5',
  vit: 'ViT; other image sizes by resized positions',
  deit: 'DeiT',
  beit: 'BEiT',
  'data2vec-vision': 'Data2Vec of pictures',
  dinov2: 'DINOv2; positions resized as they were trained',
  dinov2_with_registers: 'DINOv2 with registers',
  dinov3_vit: 'DINOv3; not its ConvNeXt; a `classifier` over `pooler_output` is read too',
  vit_mae: 'masked autoencoders: all patches, none left out',
  vit_msn: 'MSN',
  ijepa: 'I-JEPA',
  clip: 'CLIP, LAION’s and OpenAI’s',
  clip_text_model: 'the tower of CLIP for texts, also that of Stable Diffusion',
  clip_vision_model: 'the tower for pictures',
  siglip: 'SigLIP, and SigLIP 2 of one size of pictures',
  siglip_text_model: 'its tower for texts',
  siglip_vision_model: 'its tower for pictures',
  swin: 'Swin',
  swinv2: 'SwinV2',
  whisper: 'the encoder of Whisper',
  wav2vec2: 'wav2vec 2.0; no adapters',
  hubert: 'HuBERT',
  wavlm: 'WavLM',
  'data2vec-audio': 'Data2Vec of sounds',
  'audio-spectrogram-transformer': 'AST',
  'timm:*':
    "timm's plain Vision Transformers and Swins: `vit_*`, `deit_*`, `deit3_*`, `flexivit_*`, `eva_large_*`, `swin_*`, `swinv2_*`; other sizes where `dynamic_img_size` says so",
  torch_transformer_encoder: 'the weights of `torch.nn.TransformerEncoder`, with a `config.json` of your own',
  'vanilla_vit, vanilla_encoder, d2l_multihead_attention': 'the models of `demo/tutorials`',
};

/** @param {string} type */
const keyOf = (type) =>
  type.startsWith('timm:')
    ? 'timm:*'
    : (Object.keys(KNOWN).find((key) => key.split(', ').includes(type)) ?? type);

export async function familiesTable() {
  /** @type {Map<string, Set<string>>} */
  const found = new Map(Object.keys(KNOWN).map((key) => [key, new Set()]));
  for (const part of ['models', 'families', 'vision', 'towers', 'audio', 'spectrograms', 'tasks']) {
    for (const name of readdirSync(DATA + part)) {
      const folder = `${DATA}${part}/${name}`;
      if (!existsSync(`${folder}/model.safetensors`)) continue;
      const encoder = await load(folder).catch((error) => {
        if (error instanceof UnsupportedError) return null; // see not-built-yet.json
        throw error;
      });
      if (encoder === null) continue;
      const tasks = found.get(keyOf(encoder.modelType)) ?? new Set();
      for (const task of encoder.tasks) tasks.add(task);
      found.set(keyOf(encoder.modelType), tasks);
      encoder.dispose();
    }
  }
  const rows = [...found]
    .filter(([, tasks]) => tasks.size)
    .map(([type, tasks]) => [
      type
        .split(', ')
        .map((one) => `\`${one}\``)
        .join(', '),
      KNOWN[type] ?? '',
      [...tasks].join(', '),
    ]);
  return [['`model_type`', 'such as', 'tasks'], ['---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(await familiesTable());
