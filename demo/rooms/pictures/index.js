/** What does it look at? A picture in patches: what is like one, where heads look, parts by colour, layer by layer. */

import photograph from 'asset:.cache/photo/photo.jpg';
import { writeAddress } from '../../parts/address.js';
import { addStyle, make } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';
import { progressLine } from '../../parts/progress.js';
import { bakedSource, START } from './baked.js';
import { createBring } from './bring.js';
import { createHeads } from './heads.js';
import { createLabels } from './labels.js';
import { createLayers } from './layers.js';
import { CREDIT, partsOf } from './layout.js';
import { createNetwork } from './network.js';
import { copiesOf } from './paint.js';
import css from './pictures.css';
import { createSaves } from './saves.js';
import { createSession } from './session.js';
import { createStage } from './stage.js';
import { paramsOf } from './state.js';
import { imageOf, unread } from './unread.js';
import { createViews } from './views.js';
import { toldOf } from './words.js';

/** @typedef {import('./session.js').Change} Change */

const WHOLE = { left: 0, top: 0, width: 1, height: 1 };

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, first) {
  addStyle(css);
  page.title('What does it look at?');
  const [{ default: baked }, image] = await Promise.all([import('baked:pictures'), imageOf(photograph)]);
  const sample = { file: async () => (await fetch(photograph)).blob(), image, isSample: true };
  const start = bakedSource(baked, async () => (await import('baked:pictures-looks')).default);
  let copies = copiesOf(image, WHOLE, start.facts);
  let isUnread = false;

  const session = createSession(changed, (error) => complain(`${/** @type {Error} */ (error).message}.`));
  const { state, known, source, set } = session;
  const seen = () => ({ state: state(), known: known(), facts: source().facts, copies });

  const stage = createStage({
    signal: page.signal,
    hold: (row, column) => set({ row, column }),
    layer: (by) => {
      const { layers } = source().facts;
      const to = (/** @type {number} */ layer) => Math.min(Math.max(layer + by, 1), layers);
      set(state().view === 'looks' ? { look: to(state().look) } : { layer: to(state().layer) });
    },
    head: () => {
      const { heads } = source().facts;
      const [layer, head] = state().open;
      if (!heads) return;
      if (state().view === 'looks') set({ head: (state().head + 1) % (heads + 1) });
      else set({ open: [layer, (head % heads) + 1] });
    },
    paper: () => set({ isBare: !state().isBare }),
  });
  const readout = make('output', { className: 'caption readout', 'aria-live': 'off' });
  const fault = make('p', { className: 'fault', role: 'alert', hidden: true });
  const complain = (/** @type {string} */ text) => {
    fault.hidden = !text;
    fault.textContent = text;
  };
  const progress = progressLine(() => network.cancel());
  const place = make('div', { className: 'place' }, stage.canvas);
  const network = createNetwork({
    ...{ signal: page.signal, picture: sample, progress, complain },
    onRead({ source: next, picture, part, network: found, seconds }) {
      copies = copiesOf(picture.image, part, next.facts);
      isUnread = false;
      const { rows, columns, layers, heads, lacks } = next.facts;
      about.replaceChildren(
        `Read by ${next.name} in ${seconds < 0.1 ? 'less than 0.1' : seconds.toFixed(1)} s: ${rows} × ${columns} patches, ${layers} layers of ${heads || '?'} heads.`,
        ...(lacks ? [` Of its heads nothing is shown: ${lacks}.`] : []),
      );
      session.use(next, { isSample: picture.isSample });
      labels.use(found.hasWords ? 'words' : found.hasClasses ? 'classes' : 'none', next.name);
      page.say(`${next.name} has read the picture.`);
    },
    onUnread(picture) {
      const { width, height } = picture.image;
      const side = Math.min(width, height);
      const part = {
        ...{ left: (width - side) / 2 / width, top: (height - side) / 2 / height },
        ...{ width: side / width, height: side / height },
      };
      copies = copiesOf(picture.image, part, start.facts);
      isUnread = true;
      about.replaceChildren('Your picture waits for a network: ', offer, ', or drop the folder of another.');
      session.use(unread(start), { isSample: false });
    },
  });
  const bring = createBring({
    ...{ page, place, complain },
    open: network.open,
    async takePicture(file, name) {
      const bitmap = await createImageBitmap(file).catch(() => null);
      if (!bitmap)
        return complain(`${name} could not be opened as a picture: JPEG, PNG, WebP, GIF and AVIF are read.`);
      await network.take({ file: async () => file, image: bitmap, isSample: false });
    },
  });
  const offer = bring.offer('plain', 'load');
  const about = make(
    'p',
    { className: 'caption about' },
    'For every patch in every layer: ',
    offer,
    ', or drop its folder.',
  );
  const labels = createLabels(async (asked) => network.thread()?.classify(asked) ?? null, page.say);
  const views = createViews(set);
  const layers = createLayers((layer) => set({ layer }));
  const heads = createHeads((open) => set({ open }));
  const layersNote = make('p');
  const headsNote = make('p');

  const saves = createSaves(session, {
    caption: () => `${source().name}: ${readout.textContent}`,
    picture: stage.picture,
    open: () => heads.canvas,
  });
  const lead = make('p');
  const { figure, layersPart, headsPart } = partsOf({
    left: [place, readout, progress, fault, bring.chips, bring.others, about, saves.picture],
    right: [views.root, labels.root],
    layers: [layersNote, layers.root, saves.layers],
    heads: [headsNote, heads.root, saves.head],
  });
  root.classList.add('pictures');
  root.append(
    make('header', { className: 'head' }, make('h1', {}, 'What does it look at?'), lead),
    ...[figure, layersPart, headsPart],
    make('p', { className: 'caption credit' }, CREDIT),
  );
  page.onTheme(() => showAll());
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      session.wantHeads();
    },
    { rootMargin: '400px' },
  );
  near.observe(headsPart);
  page.signal.addEventListener('abort', () => near.disconnect());

  /** @param {Change} change */
  function changed(change) {
    if (change === 'heads') return showHeads();
    if (change === 'like') showLayers();
    if (change === 'state') {
      const { isSample } = network.picture();
      lead.textContent = isSample
        ? 'Touch a patch of the picture. What the network finds like it stays, everything else turns to paper. One eye finds the other: nobody told it that there are two.'
        : 'Touch a patch of the picture. What the network finds like it stays, everything else turns to paper.';
      showLayers();
      heads.showOpen(seen());
      if (!isUnread) writeAddress('pictures', [], paramsOf(state()));
    }
    showStage();
  }
  const showAll = () => {
    showStage();
    showLayers();
    showHeads();
  };

  const showStage = onceAFrame(() => {
    const { row, column, view, layer, isBare } = state();
    const { kept, look: shares, colours } = known();
    const { facts } = source();
    stage.show({
      ...{ copies, grid: facts, held: { row, column } },
      hasMark: !isUnread && view !== 'looks',
      kept: isBare ? null : (kept[layer - 1] ?? null),
      shares: view === 'looks' && !isBare ? shares : null,
      colours: view === 'colours' && !isBare ? colours : null,
    });
    views.show(seen());
    readout.textContent = isUnread
      ? 'Nothing is known of this picture yet.'
      : toldOf(state(), known(), facts);
    stage.canvas.setAttribute(
      'aria-label',
      `${readout.textContent} Arrows move the patch, Shift and up or down the layer, H the head, P lifts the paper.`,
    );
    page.say(readout.textContent);
  });
  const showLayers = onceAFrame(() => {
    layersPart.hidden = isUnread || source().facts.layers < 2;
    if (layersPart.hidden) return;
    layers.show(seen());
    const isPartly = known().like.length > 0 && known().like.some((map) => !map);
    layersNote.textContent = isPartly
      ? 'Of this patch only the last layer is known before the network is loaded.'
      : `The same patch in ${source().facts.layers} layers: at first what is coloured alike, at the end what is alike.`;
  });
  const showHeads = onceAFrame(() => {
    headsPart.hidden = isUnread || !source().facts.heads;
    if (headsPart.hidden) return;
    heads.show(seen());
    headsNote.textContent = known().heads
      ? 'Where each head of each layer looks from the held patch. Touch a head and it opens.'
      : source().isBaked
        ? `Before the network is loaded this is known from row ${START.row}, column ${START.column} alone: hold that patch, or load DINOv2.`
        : 'The network is asked.';
  });

  session.use(start, { isSample: true, params: first.params });
  labels.use('none', start.name);
  return { show: ({ params }) => session.read(params) };
}
