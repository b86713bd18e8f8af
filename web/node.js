/**
 * Node's own modules, asked for where they are needed: the same code runs on pages, whose bundlers must meet no import of them.
 * Node (from 20.16 on), Deno and Bun have them. Not here: what is done with them (the files whose names end in -node).
 */

/** Cloudflare's runtime can play Node, but has no files. */
const isWorkerd = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

/** Whether this is Node, Deno or Bun. */
export const isNode =
  !isWorkerd && Boolean(globalThis.process?.versions?.node) && typeof process.getBuiltinModule === 'function';

export const fs = () => process.getBuiltinModule('node:fs/promises');
export const module = () => process.getBuiltinModule('node:module');
export const os = () => process.getBuiltinModule('node:os');
export const path = () => process.getBuiltinModule('node:path');
export const streams = () => process.getBuiltinModule('node:stream');
export const threads = () => process.getBuiltinModule('node:worker_threads');
export const url = () => process.getBuiltinModule('node:url');
export const zlib = () => process.getBuiltinModule('node:zlib');
