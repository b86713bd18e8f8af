// Search as you type; the model runs in a worker, and a search that is no longer wanted is stopped.
import { load, similarity } from 'wasmformer';

const model = new URLSearchParams(location.search).get('model') ?? '/all-MiniLM-L6-v2';
const [texts, question, list] = ['textarea', 'input', 'ol'].map((name) => document.querySelector(name));
const encoder = load(model, { worker: true });
let stop = new AbortController();

async function search() {
  stop.abort();
  stop = new AbortController();
  const { signal } = stop;
  const lines = texts.value.split('\n').filter((line) => line.trim());
  try {
    const vectors = await (await encoder).embed([question.value, ...lines], { signal });
    const scores = similarity(vectors.slice([0, 1]), vectors.slice([1, lines.length + 1])).data;
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    list.replaceChildren(
      ...order.map((i) =>
        Object.assign(document.createElement('li'), { textContent: `${lines[i]} (${scores[i].toFixed(2)})` }),
      ),
    );
  } catch (error) {
    if (error.name !== 'AbortError') list.textContent = error.message;
  }
}

for (const field of [texts, question]) field.addEventListener('input', search);
search();
