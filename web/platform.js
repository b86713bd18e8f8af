/** What differs by environment: here it is chosen, once, by where the code runs. */
import {
  decodeImage as decodeInBrowser,
  loadImage as loadInBrowser,
  readSurface as readInBrowser,
} from './images-browser.js';
import {
  decodeImage as decodeInNode,
  loadImage as loadInNode,
  readSurface as readInNode,
} from './images-node.js';
import { isNode } from './node.js';
import { openPlace as openInBrowser } from './platform-browser.js';
import { openPlace as openInNode } from './platform-node.js';

export const openPlace = isNode ? openInNode : openInBrowser;
export const decodeImage = isNode ? decodeInNode : decodeInBrowser;
export const loadImage = isNode ? loadInNode : loadInBrowser;
export const readSurface = isNode ? readInNode : readInBrowser;
