/** What the hub's models need of where the code runs: chosen once, as in platform.js. */
import * as browser from './cache-browser.js';
import * as node from './cache-node.js';
import { isNode } from './node.js';

export const REDIRECT = isNode ? node.REDIRECT : browser.REDIRECT;
export const hubSettings = isNode ? node.hubSettings : browser.hubSettings;
export const hashOf = isNode ? node.hashOf : browser.hashOf;
export const ownCache = isNode ? node.ownCache : browser.ownCache;
