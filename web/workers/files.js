/** The files of a source, read on the page for a worker that asks for them. */

/** @typedef {import('../../bindings/loading/files.js').Source} Source */
/** @typedef {import('../../bindings/loading/files.js').SourceFile} SourceFile */

/** Bytes that are copied and sent at a time. */
const MOST = 1 << 20;

/**
 * @param {Source} source
 * @returns {(question: any) => Promise<any>} answers; bytes are the worker's own
 */
export function answersOf(source) {
  /** @type {SourceFile[]} */
  const files = [];
  /** @type {{ iterator: AsyncIterator<Uint8Array>, rest: Uint8Array | null }[]} */
  const streams = [];

  /** @param {number} index */
  async function next(index) {
    const stream = streams[index];
    while (!stream.rest?.length) {
      const { value, done } = await stream.iterator.next();
      if (done) return null;
      stream.rest = value;
    }
    // A chunk may be the visitor's own memory, or be filled anew.
    const part = stream.rest.slice(0, MOST);
    stream.rest = stream.rest.subarray(part.length);
    return part;
  }

  return async ({ about, path, file, stream }) => {
    switch (about) {
      case 'list':
        return source.list?.();
      case 'find': {
        const found = await source.find(path);
        if (!found) return { why: source.whyNot?.(path) };
        return { file: files.push(found) - 1, size: found.size };
      }
      case 'sizes':
        return source.sizes?.();
      case 'open':
        return streams.push({ iterator: files[file].stream()[Symbol.asyncIterator](), rest: null }) - 1;
      case 'next':
        return next(stream);
      case 'close':
        return void (await streams[stream].iterator.return?.());
      default:
        return void files[file].cancel?.();
    }
  };
}
