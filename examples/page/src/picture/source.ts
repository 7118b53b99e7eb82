import { fit, type Pixels } from './pixels.js';

/** Draws a picture or a frame at most so large, and reads its pixels. */
export function read(source: CanvasImageSource, width: number, height: number, most: number): Pixels {
  const size = fit(width, height, most);
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size.width, size.height);
  context.drawImage(source, 0, 0, size.width, size.height);
  return { ...size, data: context.getImageData(0, 0, size.width, size.height).data as Uint8ClampedArray<ArrayBuffer> };
}

/** @throws {Error} in words, when the file is no picture */
export async function openFile(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new Error('This file is no picture that the browser can read.');
  }
}

export interface Camera {
  readonly video: HTMLVideoElement;
  stop(): void;
}

/** @throws {Error} in words, when there is no camera or the visitor does not allow it */
export async function openCamera(): Promise<Camera> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } } });
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    return {
      video,
      stop() {
        for (const track of stream.getTracks()) track.stop();
      },
    };
  } catch (error) {
    const refused = error instanceof DOMException && error.name === 'NotAllowedError';
    throw new Error(refused ? 'The camera may not be used.' : 'There is no camera to use.');
  }
}
