/**
 * What a worker is to its page, and a page to its worker, in every environment. Types, no code.
 *
 * @typedef {object} WorkerHandle
 * @property {(message: any, transfer?: Transferable[]) => void} post
 * @property {(hear: (message: any) => void) => void} listen
 * @property {(end: (reason: string) => void) => void} onEnd called when it has ended by itself
 * @property {() => void} end
 * @property {(isBusy: boolean) => void} hold whether the program waits for it
 *
 * @typedef {object} ParentPort
 * @property {(message: any, transfer?: Transferable[]) => void} post
 * @property {(hear: (message: any) => void) => void} listen
 */
export {};
