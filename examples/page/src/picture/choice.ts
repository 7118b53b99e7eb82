import { h } from '../dom.js';
import type { Pixels } from './pixels.js';
import { type Camera, openCamera, openFile, read } from './source.js';

/** Height by width of the picture that comes with the page. */
const DRAWN = 2 / 3;

/** Which picture is filtered: the one that comes with the page, a file, or what a camera sees. */
export class Choice {
  readonly element: HTMLElement;
  readonly #cameraButton = h('button', { type: 'button', id: 'camera' }, 'Use the camera');
  readonly #paint: (width: number, height: number) => Promise<Pixels>;
  readonly #changes: () => void;
  readonly #changed: () => Promise<void>;
  readonly #say: (error: unknown) => void;
  #file: ImageBitmap | undefined;
  #camera: Camera | undefined;

  /**
   * @param paint makes the picture that comes with the page
   * @param changes is told that another picture has been asked for
   * @param changed runs when it is there
   * @param say is told what went wrong
   */
  constructor(
    paint: (width: number, height: number) => Promise<Pixels>,
    changes: () => void,
    changed: () => Promise<void>,
    say: (error: unknown) => void,
  ) {
    this.#paint = paint;
    this.#changes = changes;
    this.#changed = changed;
    this.#say = say;
    const drawn = h('button', { type: 'button', id: 'drawn' }, 'The drawn picture');
    drawn.addEventListener('click', () => this.#draw());
    this.#cameraButton.addEventListener('click', () => this.#toggleCamera());
    const file = h('input', { type: 'file', id: 'file', accept: 'image/*', class: 'unseen' });
    file.addEventListener('change', () => {
      this.take(file.files?.[0]);
      file.value = '';
    });
    const label = h('label', { for: 'file', class: 'button' }, 'Choose a picture');
    this.element = h('div', { class: 'sources' }, drawn, file, label, this.#cameraButton);
  }

  /** Whether the picture moves. */
  get isLive(): boolean {
    return this.#camera !== undefined;
  }

  /** The picture now, at most so wide or high. */
  async pixels(most: number): Promise<Pixels> {
    const video = this.#camera?.video;
    if (video) return read(video, video.videoWidth, video.videoHeight, most);
    if (this.#file) return read(this.#file, this.#file.width, this.#file.height, most);
    return this.#paint(most, Math.round(most * DRAWN));
  }

  /** Takes a picture from a file. */
  async take(file: Blob | undefined): Promise<void> {
    if (!file) return;
    try {
      const bitmap = await openFile(file);
      this.stopCamera();
      this.#changes();
      this.#file = bitmap;
      await this.#changed();
    } catch (error) {
      this.#say(error);
    }
  }

  stopCamera(): void {
    this.#camera?.stop();
    this.#camera = undefined;
    this.#cameraButton.textContent = 'Use the camera';
  }

  #draw(): void {
    this.stopCamera();
    this.#changes();
    this.#file = undefined;
    this.#changed();
  }

  async #toggleCamera(): Promise<void> {
    this.#changes();
    try {
      if (this.#camera) this.stopCamera();
      else {
        this.#camera = await openCamera();
        this.#cameraButton.textContent = 'Stop the camera';
      }
      await this.#changed();
    } catch (error) {
      this.#say(error);
    }
  }
}
