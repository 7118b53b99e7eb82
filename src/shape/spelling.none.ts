/** Of entries with few options: what is known is said instead. */
export const likelyName = (): undefined => undefined;
