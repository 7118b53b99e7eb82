// The files of a model: model.json, and those that it names.

import { readFileSync } from 'node:fs';
import { modelOf } from './model.js';

/**
 * The files as they are, which TensorFlow.js takes, too.
 * @param {URL} folder
 * @returns {{ description: import('./model.js').Description, groups: ArrayBuffer[] }}
 */
export function readFiles(folder) {
  const description = JSON.parse(readFileSync(new URL('model.json', folder), 'utf8'));
  const groups = description.weightsManifest.map((/** @type {import('./model.js').Group} */ { paths }) => {
    const { buffer, byteOffset, byteLength } = Buffer.concat(paths.map((path) => readFileSync(new URL(path, folder))));
    return buffer.slice(byteOffset, byteOffset + byteLength);
  });
  return { description, groups };
}

/** @param {URL} folder */
export function readModel(folder) {
  const { description, groups } = readFiles(folder);
  return modelOf(description, groups);
}
