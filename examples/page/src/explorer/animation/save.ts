import { count } from '../../number.js';
import { save } from '../../save.js';
import type { Place } from '../place.js';
import { gifOf } from './gif.js';
import { type Scene, sceneOf } from './scene.js';
import { svgOf } from './svg.js';

/** Steps of an animation at most: a slide has no time for more. */
const MOST_STEPS = 144;

/**
 * Saves what the stage shows at a number of places, one after the other.
 * @param shown holds the stage and the sentence
 * @param go shows a place
 * @returns what was saved
 */
export async function saveAnimation(
  kind: 'svg' | 'gif',
  shown: HTMLElement,
  places: readonly Place[],
  milliseconds: number,
  go: (place: Place) => void,
): Promise<string> {
  const parts = ['.stage', '.sentence'].map((name) => shown.querySelector<HTMLElement>(name)!);
  const scenes = places.slice(0, MOST_STEPS).map((place): Scene => {
    go(place);
    return sceneOf(shown, parts);
  });
  const name = `stridewise-animation.${kind}`;
  if (kind === 'svg') save(name, new Blob([svgOf(scenes, milliseconds)], { type: 'image/svg+xml' }));
  else save(name, new Blob([await gifOf(scenes, milliseconds)], { type: 'image/gif' }));
  const all = places.length > scenes.length ? `the first ${scenes.length} of ` : '';
  return `Saved ${all}${count(places.length, 'step')}`;
}
