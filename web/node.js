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

/** Of the environment; in Deno a program may have no right to know it. @param {string} name */
export function variable(name) {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}

/** A file's address by that of another one. Apart from where it is asked for: bundlers would take the file along. @param {string} url @param {string} name */
export const besideOf = (url, name) => new URL(name, url);

/**
 * On pages an object without anything, so that files may name at their top what they use.
 * @param {string} name
 * @returns {any}
 */
const builtin = (name) => (isNode ? process.getBuiltinModule(`node:${name}`) : {});

/** @returns {typeof import('node:crypto')} */
export const crypto = () => builtin('crypto');
/** @returns {typeof import('node:fs/promises')} */
export const fs = () => builtin('fs/promises');
/** @returns {typeof import('node:module')} */
export const module = () => builtin('module');
/** @returns {typeof import('node:os')} */
export const os = () => builtin('os');
/** @returns {typeof import('node:path')} */
export const path = () => builtin('path');
/** @returns {typeof import('node:stream')} */
export const streams = () => builtin('stream');
/** @returns {typeof import('node:worker_threads')} */
export const threads = () => builtin('worker_threads');
/** @returns {typeof import('node:url')} */
export const url = () => builtin('url');
/** @returns {typeof import('node:v8')} */
export const v8 = () => builtin('v8');
/** @returns {typeof import('node:zlib')} */
export const zlib = () => builtin('zlib');
