// Lines of a file in the order in which they fit a question: `node index.js MODEL FILE QUESTION`.
import { readFile } from 'node:fs/promises';
import { load, similarity } from 'wasmformer';

const [model, file, question] = process.argv.slice(2);
if (question === undefined) throw new Error('expected three arguments: MODEL FILE QUESTION');
const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim());

const encoder = await load(model);
const scores = similarity(await encoder.embed([question]), await encoder.embed(lines)).slice(0).data;
const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
for (const i of order.slice(0, 5)) console.log(scores[i].toFixed(3), lines[i]);
encoder.dispose();
