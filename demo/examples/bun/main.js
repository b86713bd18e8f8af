// A server of vectors: POST a JSON list of texts. `bun main.js MODEL [PORT]`, or as a program of one file.
import { load, WasmformerError } from 'wasmformer/inline';

const [model, port = '8080'] = process.argv.slice(2);
if (model === undefined) throw new Error('expected MODEL, and perhaps a port');
const encoder = await load(model);

const { url } = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(port),
  async fetch(request) {
    try {
      return Response.json((await encoder.embed(await request.json())).tolist());
    } catch (error) {
      const isWrong = error instanceof WasmformerError || error instanceof SyntaxError;
      return new Response(error.message, { status: isWrong ? 400 : 500 });
    }
  },
});
console.log(`${encoder} at ${url}`);
