/**
 * Node's own modules, asked for where they are needed: the same code runs on pages, whose bundlers must meet no import of them.
 * Node (from 20.16 on), Deno and Bun have them. Not here: what is done with them (the files whose names end in -node).
 */

/** Cloudflare's runtime can play Node, but has no files. */
const isWorkerd = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

/** Never by its bare name, for which some bundlers put something of theirs. */
export const { process } = globalThis;

/** Whether this is Node, Deno or Bun. */
export const isNode =
  !isWorkerd && Boolean(process?.versions?.node) && typeof process.getBuiltinModule === 'function';

/** A file's address by that of another one. Apart from where it is asked for: bundlers would take the file along. @param {string} url @param {string} name */
export const besideOf = (url, name) => new URL(name, url);

export const fs = () => process.getBuiltinModule('node:fs/promises');
export const module = () => process.getBuiltinModule('node:module');
export const os = () => process.getBuiltinModule('node:os');
export const path = () => process.getBuiltinModule('node:path');
export const streams = () => process.getBuiltinModule('node:stream');
export const threads = () => process.getBuiltinModule('node:worker_threads');
export const url = () => process.getBuiltinModule('node:url');
export const zlib = () => process.getBuiltinModule('node:zlib');
