import { features } from 'stridewise';
import { type Group, modelOf } from '../../../upscale/model.js';
import { upscale } from '../../../upscale/upscale.js';
import type { Upscaled } from './messages.js';
import { fromLevels, type Pixels, toLevels } from './pixels.js';

/** Where the page's build puts the network. */
const folder = new URL('upscale/', import.meta.url);

/** Most pixels of a tile along an axis: few enough to see how it goes on. */
const TILE = 128;

async function load(name: string): Promise<Response> {
  const response = await fetch(new URL(name, folder));
  if (!response.ok) throw new Error(`This host has not the network: ${name} gives ${response.status}.`);
  return response;
}

async function loadModel() {
  const description = await (await load('model.json')).json();
  const groups = await Promise.all(
    description.weightsManifest.map(async ({ paths }: Group) =>
      new Blob(await Promise.all(paths.map(async (path) => (await load(path)).blob()))).arrayBuffer(),
    ),
  );
  return modelOf(description, groups);
}

const tell = (message: Upscaled, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

self.onmessage = async ({ data }: MessageEvent<Pixels>) => {
  try {
    const model = await loadModel();
    const begin = performance.now();
    const picture = fromLevels(upscale(model, toLevels(data), (share) => tell({ share }), TILE));
    tell({ picture, milliseconds: performance.now() - begin, build: features().build }, [picture.data.buffer]);
  } catch (error) {
    tell({ failure: error instanceof Error ? error.message : String(error) });
  }
};
