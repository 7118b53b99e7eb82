import { h } from '../dom.js';

/** A button that says for a moment what came of it. */
function reporting(id: string, text: string, action: () => Promise<string>): HTMLButtonElement {
  const button = h('button', { type: 'button', id }, text);
  button.addEventListener('click', async () => {
    button.disabled = true;
    button.textContent = 'One moment …';
    button.textContent = await action().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    button.disabled = false;
    setTimeout(() => {
      button.textContent = text;
    }, REPORTED);
  });
  return button;
}

/** Milliseconds that a report stands on a button. */
const REPORTED = 3000;

export interface Shared {
  /** The address of what is shown. */
  address(): string;
  /** Saves the animation, and says what came of it. */
  save(kind: 'svg' | 'gif'): Promise<string>;
  /** Takes back the numbers that were typed. */
  reset(): void;
}

/** Takes what is shown elsewhere: as an address, or as a file. */
export function share({ address, save, reset }: Shared) {
  const copy = async () => {
    await navigator.clipboard.writeText(address()).catch(() => {
      throw new Error('The browser does not allow it');
    });
    return 'Copied';
  };
  const back = h('button', { type: 'button', id: 'reset' }, 'Take back typed numbers');
  back.addEventListener('click', reset);
  return {
    element: h(
      'div',
      { class: 'share' },
      reporting('copy', 'Copy link', copy),
      reporting('save-svg', 'Save as SVG', () => save('svg')),
      reporting('save-gif', 'Save as GIF', () => save('gif')),
      back,
    ),
    show(hasEdits: boolean) {
      back.hidden = !hasEdits;
    },
  };
}
