/** What stands below the list and the map: a chunk of its own, fetched beside the room's. */
export { heads } from './heads.js';
export { own } from './own.js';
export { reading } from './reading.js';
export { small } from './small.js';
