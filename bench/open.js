/**
 * A copy of the package that runs one build; `auto` leaves the choice to the package. It is asked for by its own name,
 * so this is the built package as a user gets it.
 * @param {'auto' | 'strict' | 'relaxed'} build @param {string} [url] Of another entry. @param {object} [options] Of
 * `init`, besides.
 * @returns {Promise<import('./stridewise.js').Api>}
 */
export async function openBuild(build, url = import.meta.resolve('stridewise'), options = {}) {
  const api = await import(`${url}?build=${build}`);
  await api.init({ simd: build, ...options });
  return api;
}

/**
 * The same on so many threads: one is the default entry.
 * @param {'auto' | 'strict' | 'relaxed'} build @param {number} threads
 */
export const openThreads = (build, threads) =>
  threads > 1 ? openBuild(build, import.meta.resolve('stridewise/threads'), { threads }) : openBuild(build);
