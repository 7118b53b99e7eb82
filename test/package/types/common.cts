import stridewise = require('stridewise');
import arithmetic = require('stridewise/arithmetic');
import matrix = require('stridewise/matrix');
import nn = require('stridewise/nn');
import url = require('stridewise/url');

const x: stridewise.Tensor = stridewise.tensor([1, 2, 3, 4], [1, 1, 2, 2]);
export const y: stridewise.Tensor = url.conv2d(x, nn.relu(stridewise.conv2d(x, x)));
export const size: number = arithmetic.convOutputSize(2, { kernelSize: 2 }) + matrix.convMatrix(x, [1, 2, 2]).rows;
