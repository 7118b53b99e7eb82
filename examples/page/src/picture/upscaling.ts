import { digits } from '../../../../bench/table.js';
import { h } from '../dom.js';
import type { Upscaled } from './messages.js';
import type { Pixels } from './pixels.js';
import { put } from './view.js';

/** Twice the pixels each way, smoothly: what a picture looks like without the network. */
function enlarge(canvas: HTMLCanvasElement, small: Pixels, { width, height }: Pixels): void {
  const source = document.createElement('canvas');
  put(source, small);
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d')!.drawImage(source, 0, 0, width, height);
}

/** Before and after, divided where the slider is. */
function comparison() {
  const before = h('canvas', { role: 'img', 'aria-label': 'Enlarged smoothly' });
  const after = h('canvas', { role: 'img', 'aria-label': 'Enlarged by the network', class: 'after' });
  const slider = h('input', { type: 'range', id: 'divide', min: 0, max: 100, 'aria-label': 'Divide before and after' });
  const element = h('div', { class: 'divided', hidden: true }, before, after, slider);
  const divide = () => element.style.setProperty('--at', String(slider.valueAsNumber / 100));
  slider.addEventListener('input', divide);
  divide();
  return {
    element,
    show(small: Pixels, large: Pixels) {
      enlarge(before, small, large);
      put(after, large);
      element.hidden = false;
    },
  };
}

/** Super-resolution of the picture that `source` gives, when somebody asks for it. */
export function upscaling(source: () => Promise<Pixels>) {
  let worker: Worker | undefined;
  const status = h('p', { id: 'upscaled', class: 'note', role: 'status' });
  const bar = h('progress', { 'aria-label': 'Progress', max: 1, value: 0 });
  const busy = h('div', { class: 'progress', hidden: true }, bar);
  const start = h('button', { type: 'button', id: 'upscale', class: 'main' }, 'Double the picture');
  const cancel = h('button', { type: 'button', id: 'cancel', disabled: true }, 'Cancel');
  const divided = comparison();

  /** Ends what runs, and says how. */
  function end(words: string): void {
    worker?.terminate();
    worker = undefined;
    busy.hidden = true;
    start.disabled = false;
    cancel.disabled = true;
    status.textContent = words;
  }

  function hear(small: Pixels, message: Upscaled): void {
    if ('share' in message) bar.value = message.share;
    else if ('failure' in message) end(message.failure);
    else {
      const { picture, milliseconds, build } = message;
      divided.show(small, picture);
      const size = `${small.width} × ${small.height} to ${picture.width} × ${picture.height} pixels`;
      end(
        `${size} in ${digits(milliseconds / 1000)} s, ${build} build, one thread. Left: enlarged smoothly; right: by the network.`,
      );
    }
  }

  async function begin(): Promise<void> {
    end('');
    divided.element.hidden = true;
    bar.value = 0;
    busy.hidden = false;
    start.disabled = true;
    cancel.disabled = false;
    const own = new Worker(new URL('upscale-worker.js', import.meta.url), { type: 'module' });
    worker = own;
    own.onerror = ({ message }) => end(message);
    try {
      const small = await source();
      if (worker !== own) return;
      own.onmessage = ({ data }: MessageEvent<Upscaled>) => hear(small, data);
      own.postMessage(small);
    } catch (error) {
      if (worker === own) end(error instanceof Error ? error.message : String(error));
    }
  }

  start.addEventListener('click', begin);
  cancel.addEventListener('click', () => end('Cancelled.'));
  return {
    element: h(
      'section',
      { class: 'card upscaling', 'aria-labelledby': 'upscaling-title' },
      h('h2', { id: 'upscaling-title' }, 'Super-resolution'),
      h(
        'p',
        {},
        'A network that others have trained doubles the picture: a residual dense network of 12 convolutions, ',
        h('code', {}, '@upscalerjs/default-model'),
        '. Its 0.9 MB are loaded when you ask for them.',
      ),
      h('div', { class: 'actions' }, start, cancel),
      busy,
      status,
      divided.element,
    ),
    /** The picture is another one, or nobody looks: ends what runs and takes the result away. */
    reset() {
      end('');
      divided.element.hidden = true;
    },
  };
}
