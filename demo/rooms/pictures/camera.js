/** A picture from the camera: what it sees stands in the picture's place until one is taken. */
import { button } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';

/**
 * @param {HTMLElement} place where the camera's picture stands
 * @param {object} given
 * @param {AbortSignal} given.signal
 * @param {(picture: Blob) => void} given.take
 * @param {(text: string) => void} given.complain
 */
export function createCamera(place, { signal, take, complain }) {
  /** @type {(() => void) | null} */
  let close = null;
  signal.addEventListener('abort', () => close?.());

  return async function open() {
    if (close) return close();
    if (!navigator.mediaDevices?.getUserMedia)
      return complain('Here is no camera for pages: choose a picture instead.');
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment' },
        audio: false,
      });
    } catch (error) {
      return complain(reasonOf(/** @type {Error} */ (error)));
    }
    const video = make('video', { muted: true, playsInline: true, autoplay: true });
    const end = () => {
      for (const track of stream.getTracks()) track.stop();
      panel.remove();
      close = null;
    };
    const shoot = button(
      'Take it',
      async () => {
        const canvas = make('canvas', { width: video.videoWidth, height: video.videoHeight });
        canvas.getContext('2d')?.drawImage(video, 0, 0);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
        end();
        if (blob) take(blob);
      },
      { main: true, disabled: true },
    );
    const stop = button('Stop', end, { className: 'button page' });
    const panel = make(
      'div',
      { className: 'camera' },
      video,
      make('div', { className: 'chips' }, shoot, stop),
    );
    if (signal.aborted) return end();
    close = end;
    video.srcObject = stream;
    video.addEventListener('loadeddata', () => {
      shoot.disabled = false;
    });
    panel.addEventListener('keydown', ({ key }) => key === 'Escape' && end());
    place.append(panel);
    shoot.focus();
  };
}

/** @param {Error} error */
function reasonOf({ name, message }) {
  if (name === 'NotAllowedError')
    return 'The camera was refused: allow it beside the address, or choose a picture instead.';
  if (name === 'NotFoundError') return 'There is no camera: choose a picture instead.';
  if (name === 'NotReadableError')
    return 'Another program has the camera: close it there, or choose a picture instead.';
  return `The camera could not be opened: ${message}.`;
}
