/** The loops of bench/assembly/peak.ts as bytes; the build names the files. */
declare module 'peak-*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
