// Writes the picture of painting.js as a file.
//   node examples/picture/landscape.js [FILE]     writes landscape.png beside this file, or FILE

import { writeFileSync } from 'node:fs';
import { paintLandscape } from './painting.js';
import { encodePicture } from './png.js';

const WIDTH = 640;
const HEIGHT = 427;

const file = process.argv[2] ?? new URL('landscape.png', import.meta.url);
writeFileSync(file, encodePicture(paintLandscape(WIDTH, HEIGHT)));
