/** One stop for the tabulator in a group of buttons; arrows go from one to the other. */

/** @param {HTMLElement} group @param {() => HTMLButtonElement[]} all in their order @param {() => number} columns of a row */
export function rove(group, all, columns) {
  group.addEventListener('keydown', (event) => {
    const list = all();
    const at = list.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (at < 0) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() }[event.key];
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? list.length - 1 : step === undefined ? -1 : at + step;
    if (!list[to]) return;
    event.preventDefault();
    list[to].focus();
    list[to].click();
  });
  /** @param {HTMLButtonElement} chosen */
  return (chosen) => {
    for (const button of all()) button.tabIndex = button === chosen ? 0 : -1;
  };
}
