// A route on Node: the model is loaded at the first question, and kept.
import { load, similarity } from 'wasmformer';

const TEXTS = ['The cat sits outside', 'Stock prices fell sharply today', 'A kitten rests in the garden'];

let index;
async function prepare() {
  const encoder = await load(process.env.MODEL ?? './all-MiniLM-L6-v2');
  return { encoder, vectors: await encoder.embed(TEXTS) };
}

export async function GET(request) {
  index ??= prepare();
  const { encoder, vectors } = await index;
  const question = new URL(request.url).searchParams.get('question') ?? '';
  const scores = similarity(await encoder.embed(question), vectors)
    .slice(0)
    .tolist();
  const found = TEXTS.map((text, i) => ({ text, score: scores[i] }));
  return Response.json(found.sort((a, b) => b.score - a.score));
}
