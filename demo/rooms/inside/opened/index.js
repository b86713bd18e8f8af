export function createOpened() { throw new Error('x'); }
