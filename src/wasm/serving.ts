/** The instance that serves, which `stridewise/nn` shares with the default entry. */
export { host } from './host.js';
