import { conv2d } from 'stridewise';

globalThis.conv2d = conv2d;
