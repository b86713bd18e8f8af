// The page without a build: the library is one file, the model an address, `?model=…`.
import { load, similarity } from './node_modules/wasmformer/dist/inline.js';

const model = new URLSearchParams(location.search).get('model') ?? 'all-MiniLM-L6-v2';
const form = document.querySelector('form');
const output = document.querySelector('output');
const progress = ({ loaded, total }) => {
  output.textContent = `Loading: ${Math.round((100 * loaded) / total)} %`;
};
let encoder;

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    encoder ??= load(model, { progress });
    const { one, other } = Object.fromEntries(new FormData(form));
    const vectors = await (await encoder).embed([one, other]);
    output.textContent = `Similarity: ${similarity(vectors).data[1].toFixed(3)}`;
  } catch (error) {
    encoder = undefined;
    output.textContent = error.message;
  }
});
