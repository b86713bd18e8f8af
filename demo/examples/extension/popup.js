// Asks the service worker, and shows the tabs as buttons that lead to them.
const list = document.querySelector('ol');

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const found = await chrome.runtime.sendMessage(document.querySelector('input').value);
  if (found.message) {
    list.textContent = found.message;
    return;
  }
  list.replaceChildren(
    ...found.map(({ id, title }) => {
      const button = Object.assign(document.createElement('button'), { textContent: title });
      button.addEventListener('click', () => chrome.tabs.update(id, { active: true }));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }),
  );
});
