// A Cloudflare Worker that answers texts (POST, a JSON list) with their vectors; the model's address is the variable MODEL.
import { load, WasmformerError } from 'wasmformer';

let encoder;

export default {
  async fetch(request, { MODEL }) {
    if (request.method !== 'POST') return new Response('POST a JSON list of texts', { status: 405 });
    try {
      encoder ??= await load(MODEL);
      const vectors = await encoder.embed(await request.json());
      return Response.json(vectors.tolist());
    } catch (error) {
      if (!(error instanceof WasmformerError)) throw error;
      return new Response(error.message, { status: error.code === 'ERR_INPUT' ? 400 : 502 });
    }
  },
};
