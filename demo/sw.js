/**
 * The page without a network: what has a hashed name is kept, the page itself is asked for anew and kept for when there is no
 * answer. The build fills in the version and the files.
 */
/** What a service worker knows; the types of a page do not. @type {any} */
const worker = globalThis;

const CACHE = 'wasmformer-{{version}}';
const FILES = ['{{files}}'];

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
  worker.skipWaiting();
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith('wasmformer-') && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const url = new URL(event.request.url);
  const scope = new URL('./', worker.location.href);
  if (event.request.method !== 'GET' || !url.href.startsWith(scope.href)) return;
  const name = url.href.slice(scope.href.length);
  if (name.startsWith('assets/')) event.respondWith(keptFirst(event.request));
  else if (/^(index\.html)?([?#]|$)/.test(name)) event.respondWith(askedFirst(event.request));
});

/** @param {Request} request */
async function keptFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) cache.put(request, answer.clone());
  return answer;
}

/** @param {Request} request */
async function askedFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) cache.put('./', answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match('./');
    if (kept) return kept;
    throw error;
  }
}
