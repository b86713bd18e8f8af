/** A button on each piece of code, which copies it. */

for (const pre of navigator.clipboard ? document.querySelectorAll('pre') : []) {
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'copy',
    textContent: 'Copy',
  });
  button.setAttribute('aria-live', 'polite');
  const box = Object.assign(document.createElement('div'), { className: 'code' });
  pre.replaceWith(box);
  box.append(pre, button);
  button.addEventListener('click', async () => {
    const done = await navigator.clipboard.writeText(pre.textContent ?? '').then(
      () => 'Copied',
      () => 'Not allowed here',
    );
    button.textContent = done;
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
}
