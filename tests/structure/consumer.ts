// What a program in TypeScript may write, and what it may not: the declarations say which. Compiled by consumer.test.js.
import {
  cache,
  type Encoder,
  InputError,
  load,
  loadTokenizer,
  principalComponents,
  rollout,
  similarity,
  Tensor,
  WasmformerError,
} from 'wasmformer';
import { type Encodings, encodings } from 'wasmformer/encodings';

export async function texts(): Promise<Float32Array> {
  using encoder = await load('./folder', { simd: 'base', progress: ({ loaded, total }) => loaded / total });
  const vectors = await encoder.embed(['a', 'b'], { normalize: true, pooling: ['mean', 'cls'] });
  const cut: readonly number[] = vectors.truncated;
  const small: Int8Array = (await encoder.embed('a', { precision: 'int8' })).data;
  const rows: number[][] = vectors.tolist();
  const one: readonly number[] = similarity(vectors).shape;
  for (const row of vectors) rows.push(row.tolist());
  void [cut, small, one];
  return vectors.data;
}

export async function fromTheHub(): Promise<number> {
  const kept = new Map<string, unknown>();
  const own = {
    match: async (url: string) => kept.get(url),
    put: async (url: string, response: unknown) => void kept.set(url, response),
    delete: async (url: string) => kept.delete(url),
  };
  const shares: number[] = [];
  const progress = ({ all }: { all: { loaded: number; total: number } }) => void shares.push(all.loaded / all.total);
  const options = { revision: 'main', token: 'hf_x', endpoint: 'https://mirror.example', cache: own, progress };
  const encoder = await load('owner/name', { ...options, integrity: { 'config.json': 'sha256-x' } });
  const tokenizer = await loadTokenizer('owner/name', { cache: 'default', revision: 'v1' });
  void [encoder, tokenizer, await load('owner/name', { cache: false })];
  const [{ id, size }] = await cache.list();
  return (await cache.delete(id)) ? size : 0;
}

export async function classes(encoder: Encoder): Promise<string[]> {
  const one = await encoder.classify('a text', { topK: 1 });
  const pair = await encoder.classify({ text: 'a query', pair: 'a document' });
  const many = await encoder.classify(['a', { text: 'b', pair: 'c' }]);
  const pixels = { data: new Uint8Array(12), width: 2, height: 2 };
  const picture = await encoder.classify(pixels);
  const pictures = await encoder.classify([pixels, new Uint8Array(9)]);
  const inputs = await encoder.classify({ input_ids: [[1, 2]] });
  return [...one, ...pair, ...picture, ...many.flat(), ...pictures[0], ...inputs[0]].map(({ label }) => label);
}

export async function rows(encoder: Encoder): Promise<Float32Array> {
  await using owned = encoder;
  const ids = new Tensor('int32', new Int32Array(2), [1, 2]);
  const outputs = await owned.forward({ input_ids: ids, attention_mask: [[1, 1]] }, { hidden_states: true });
  const width: number | undefined = outputs.hidden_states[0].shape[2];
  const { offsets, tokens } = (await loadTokenizer('./folder')).encode('a text', { maxLength: width ?? 8 });
  void [offsets, tokens];
  return outputs.last_hidden_state.data;
}

export async function inside(encoder: Encoder): Promise<Float32Array> {
  const outputs = await encoder.forward({ input_ids: [[1, 2]] }, { trace: true, attentions: true });
  const [{ query, bias }] = outputs.trace.layers;
  const word: Tensor<'float32'> | undefined = outputs.trace.embeddings.word;
  const [{ name, shape, dtype }] = encoder.weights();
  const rows: number[][] = encoder.weight(name, { rows: [0, shape[0]] }).tolist();
  const { components, variance } = principalComponents(outputs.last_hidden_state.slice(0), 2);
  void [bias?.data, word, rows, dtype === 'bfloat16', components.data, variance.data];
  return rollout(outputs.attentions, { heads: 'max' }).data.fill(query.data[0]);
}

export async function tables(): Promise<Float32Array> {
  using pe: Encodings = await encodings();
  return pe.sincos2d({ height: 2, width: 2, dim: 8, preset: 'mae' }).data;
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof InputError ? error.path : error instanceof WasmformerError ? error.code : undefined;

export async function wrong(encoder: Encoder, tensor: Tensor<'float32'>): Promise<void> {
  // @ts-expect-error a number
  await encoder.embed(42);
  // @ts-expect-error no source
  await load();
  // @ts-expect-error no such option
  await encoder.embed('a', { pool: 'mean' });
  // @ts-expect-error no such pooling
  await encoder.embed('a', { pooling: 'middle' });
  // @ts-expect-error no such way
  rollout([tensor], { heads: 'middle' });
  // @ts-expect-error rows are two numbers
  encoder.weight('a', { rows: 1 });
  // @ts-expect-error a list of lists
  await encoder.classify([['a']]);
  // @ts-expect-error no such input
  await encoder.forward({ ids: [[1]] });
  // @ts-expect-error cannot be set
  tensor.shape = [1];
  // @ts-expect-error cannot be set
  encoder.maxLength = 3;
  // @ts-expect-error float32 are numbers
  const flags: boolean[] = tensor.tolist();
  // @ts-expect-error float32 is no Int32Array
  const data: Int32Array = tensor.data;
  void [flags, data];
}
