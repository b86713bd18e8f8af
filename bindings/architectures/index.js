/** The model families, found by config.json's `model_type`. */
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { misspelt } from '../options/nearest.js';
import { albert } from './albert.js';
import { ast } from './ast.js';
import { beit } from './beit.js';
import { bert, ernie } from './bert.js';
import { clip, clipText, clipVision } from './clip.js';
import { deberta, debertaV2 } from './deberta.js';
import { dinov2, dinov2WithRegisters } from './dinov2.js';
import { dinov3 } from './dinov3.js';
import { distilbert } from './distilbert.js';
import { electra } from './electra.js';
import { esm } from './esm.js';
import { eurobert } from './eurobert.js';
import { gemma3 } from './gemma3.js';
import { gte, newGte } from './gte.js';
import { jina } from './jina.js';
import { modernbert } from './modernbert.js';
import { mpnet } from './mpnet.js';
import { nomicBert } from './nomic_bert.js';
import { roberta, robertaPreLayerNorm } from './roberta.js';
import { roformer } from './roformer.js';
import { d2lAttention, vanillaEncoder, vanillaVit } from './seeds.js';
import { siglip, siglipText, siglipVision } from './siglip.js';
import { architectureOf } from './sizes.js';
import { swin, swinv2 } from './swin.js';
import { mt5, t5, umt5 } from './t5.js';
import { timm } from './timm.js';
import { timmSwin, timmSwinv2 } from './timm_swin.js';
import { torchEncoder } from './torch-encoder.js';
import { deit, ijepa, vit, vitMae, vitMsn } from './vit.js';
import { data2vecAudio, hubert, wav2vec2, wavlm } from './wav2vec2.js';
import { whisper } from './whisper.js';

/**
 * @typedef {object} Family
 * @property {string[]} modelTypes a star stands for any ending
 * @property {string[]} [classes] what the names of its classes in transformers begin with, each for a model type
 * @property {import('./ledger.js').Keys} [keys] of its config class in transformers
 * @property {(config: import('../formats/config.js').Config, tensors: import('./blueprint.js').TensorList, path: string) =>
 *   import('./blueprint.js').Blueprint} blueprint what the family makes of a config and the list of tensors in a file
 */

/** @type {Family[]} */
const families = [
  ...[
    bert,
    ernie,
    roberta,
    robertaPreLayerNorm,
    roformer,
    jina,
    distilbert,
    mpnet,
    albert,
    electra,
    debertaV2,
    deberta,
    nomicBert,
    gte,
    newGte,
    modernbert,
    eurobert,
  ],
  ...[gemma3, esm, t5, mt5, umt5],
  ...[clip, clipText, clipVision, siglip, siglipText, siglipVision],
  ...[
    vit,
    deit,
    beit,
    vitMae,
    vitMsn,
    ijepa,
    dinov2,
    dinov2WithRegisters,
    dinov3,
    swin,
    swinv2,
    ast,
    whisper,
    wav2vec2,
    hubert,
    wavlm,
    data2vecAudio,
    timm,
    timmSwin,
    timmSwinv2,
    torchEncoder,
    vanillaVit,
    vanillaEncoder,
    d2lAttention,
  ],
];

/** Every `model_type` that `load` takes. */
export const MODEL_TYPES = families.flatMap((family) => family.modelTypes);
/** Of them a message about an unknown one has so many. */
const NAMED = 24;
/** Hybrids of convolutions and attention, which are no encoders as this library knows them. */
const HYBRIDS = ['segformer', 'mobilevit', 'mobilevitv2'];

/**
 * A config's model_type. timm writes the name of its model instead: `timm:` and that name. Where neither is, a class of
 * transformers says which model it is of.
 * @param {import('../formats/config.js').Config} config
 */
export function modelTypeOf(config) {
  const { model_type: type, architecture } = config;
  return (
    type ?? (typeof architecture === 'string' ? `timm:${architecture}` : typeOfClass(architectureOf(config)))
  );
}

/** @param {string} name of a class, such as BertModel */
function typeOfClass(name) {
  const [start] = /^.+?(?=Model(?:WithProjection)?$|For[A-Z])/.exec(name) ?? [];
  const family = families.find(({ classes = [] }) => start !== undefined && classes.includes(start));
  return family?.modelTypes[/** @type {string[]} */ (family.classes).indexOf(/** @type {string} */ (start))];
}

/**
 * @param {import('../formats/config.js').Config} config
 * @returns {Family}
 * @throws {ConfigError} without a model_type; {UnsupportedError} for an unknown one
 */
export function familyOf(config) {
  const type = modelTypeOf(config);
  if (typeof type !== 'string') {
    const said = config.error === undefined ? '' : `; it has an error instead: ${show(config.error)}`;
    throw new ConfigError(`config.json: model_type is ${show(type)}; expected a string${said}`, {
      path: 'model_type',
      value: type,
    });
  }
  const family = families.find((candidate) => candidate.modelTypes.some((known) => matches(known, type)));
  if (family) return family;
  const meant = misspelt(type, MODEL_TYPES);
  const named = MODEL_TYPES.slice(0, NAMED);
  const more = MODEL_TYPES.length - NAMED;
  const hint = meant
    ? ` (did you mean "${meant}"?)`
    : HYBRIDS.includes(type)
      ? ': its layers are convolutions in part'
      : '';
  throw new UnsupportedError(
    `config.json: model_type "${type}" is not supported${hint}; known: ${named.join(', ')} and ${more} more (README, What runs)`,
    { path: 'model_type', value: type },
  );
}

/** @param {string} known a model type, or the beginning of some, marked by a star @param {string} type */
const matches = (known, type) => (known.endsWith('*') ? type.startsWith(known.slice(0, -1)) : known === type);
