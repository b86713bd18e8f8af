// The vectors of texts as a .npy file: `deno run … main.js MODEL FILE TEXT…`.
import { load } from 'wasmformer';

const [model, file, ...texts] = Deno.args;
if (texts.length === 0) throw new Error('expected MODEL FILE and texts');

const encoder = await load(model);
const vectors = await encoder.embed(texts);
await Deno.writeFile(file, vectors.toNpy());
console.log(`${file}: ${vectors.shape.join(' x ')}, ${encoder.build}`);
encoder.dispose();
