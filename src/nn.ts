import { offerActivations } from './nn-functions.js';

export * from './nn-functions.js';

// who imports functions alone, as `stridewise/data` does, is no reason to keep the rest in a bundle
offerActivations();
