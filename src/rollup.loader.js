/**
 * Of the loader the package needs that it makes an instance. The rest serves AssemblyScript's own runtime, which the
 * kernels do without, and would be 1.7 KB of the default entry, compressed. Left alone, Rollup keeps it: each line
 * below cuts one thread by which it hangs on.
 */
const cuts = [
  // An instance's exports get company: functions that read and write strings, arrays and classes. Ours are numbers in,
  // numbers out.
  ['= postInstantiate(extended, instance)', '= instance.exports'],
  // Imports get company, too: what the kernels would call to report an abort, or to print. They call nothing.
  ['= preInstantiate(imports)', '= {}'],
  // A decoder of strings is made when the module is loaded, which Rollup takes for something that must happen. Nobody
  // uses it.
  ['= new TextDecoder', '= /* @__PURE__ */ new TextDecoder'],
  // A function is put on the global Object where it is missing. Every host of SIMD has it, and a package should not
  // touch what is not its own.
  ['Object.hasOwn = Object.hasOwn || function', 'void function'],
];

export const loader = {
  name: 'loader',
  transform(code, id) {
    if (!id.includes('@assemblyscript/loader')) return null;
    let bare = code;
    for (const [from, to] of cuts) {
      if (!bare.includes(from)) this.error(`the loader has changed: no "${from}"`);
      bare = bare.replaceAll(from, to);
    }
    return { code: bare, map: { mappings: '' } };
  },
};
