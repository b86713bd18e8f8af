// Answers the popup: the tabs in the order in which their titles fit what was asked.
import { load, similarity } from './inline.js';

let encoder;

async function rank(question) {
  encoder ??= load(chrome.runtime.getURL('model'));
  const tabs = (await chrome.tabs.query({})).filter(({ title }) => title);
  const vectors = await (await encoder).embed([question, ...tabs.map(({ title }) => title)]);
  const scores = similarity(vectors.slice([0, 1]), vectors.slice([1, tabs.length + 1])).data;
  return tabs.map(({ id, title }, i) => ({ id, title, score: scores[i] })).sort((a, b) => b.score - a.score);
}

chrome.runtime.onMessage.addListener((question, _, answer) => {
  rank(question).then(answer, ({ message }) => answer({ message }));
  return true; // the answer comes later
});
