/** Text of a module with a single build. */
export declare const inlineOne: (build: Uint8Array) => string;
