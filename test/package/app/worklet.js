delete globalThis.URL;
const { convTranspose2d } = await import('stridewise/url');
console.log(typeof convTranspose2d);
