import { transpose } from 'stridewise/matrix';
import { card, h } from '../../dom.js';
import type { Config } from '../config.js';
import type { Evaluation } from '../evaluate.js';
import { matrixOf, type OperatorMatrix } from '../matrix.js';
import { MatrixView } from '../matrix-view.js';
import { flat } from '../place.js';
import type { Panel } from './panel.js';

const words: Readonly<Record<Config['operator'], string>> = {
  conv: 'y = C x: each row of C holds the weights where one window lies.',
  transposed: 'y = Cᵀ x: the matrix of the convolution that goes the other way, transposed.',
  avg: 'y = C x: each row of C averages one window.',
  max: 'Max pooling is not linear. For these numbers, and near them, y = C x with this C.',
};

/** The operator as a matrix and its transpose. */
export function matrixPanel(): Panel {
  const direct = new MatrixView('matrix-c', 'C');
  const transposed = new MatrixView('matrix-ct', 'Cᵀ');
  const intro = h('p');
  let evaluation: Evaluation;
  let operator: OperatorMatrix;
  return {
    element: card('matrix', 'As a matrix', intro, h('div', { class: 'figures' }, direct.element, transposed.element)),
    draw(e) {
      evaluation = e;
      operator = matrixOf(e);
      const { matrix } = operator;
      intro.textContent = `${words[e.config.operator]} ${matrix.values.length} of ${matrix.rows * matrix.columns} entries are stored.`;
      direct.draw(matrix);
      transposed.draw(transpose(matrix));
    },
    light(at) {
      const { x, y } = evaluation;
      const { shape } = at.side === 'output' ? y : x;
      const index = flat(at, { channels: shape[1], rows: shape[2], columns: shape[3] });
      const meaning = `the ${at.side} cell ${at.channel}, ${at.row}, ${at.column}`;
      // The result's cells are the rows of the matrix that makes it.
      const isRow = (at.side === 'output') !== operator.isTransposed;
      direct.light(isRow ? 'row' : 'column', index, meaning);
      transposed.light(isRow ? 'column' : 'row', index, meaning);
    },
  };
}
