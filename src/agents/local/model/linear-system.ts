/** Symmetric, positive definite systems of equations by Cholesky: what Newton's steps need, no more. */

/** Row after row: `width` × `width` figures. */
export type Matrix = Float64Array;

/** The lower triangle L with L·Lᵀ = matrix. Throws `RangeError` where the matrix isn't positive definite. */
export function cholesky(matrix: Matrix, width: number): Matrix {
  const lower = new Float64Array(width * width);
  for (let row = 0; row < width; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(matrix, row * width + column);
      for (let k = 0; k < column; k++) sum -= at(lower, row * width + k) * at(lower, column * width + k);
      if (row !== column) lower[row * width + column] = sum / at(lower, column * width + column);
      else if (sum > 0) lower[row * width + row] = Math.sqrt(sum);
      else throw new RangeError("The matrix isn't positive definite.");
    }
  }
  return lower;
}

/** x with L·Lᵀ·x = right. */
export function solve(lower: Matrix, width: number, right: Float64Array): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < width; row++) {
    let sum = at(x, row);
    for (let k = 0; k < row; k++) sum -= at(lower, row * width + k) * at(x, k);
    x[row] = sum / at(lower, row * width + row);
  }
  for (let row = width - 1; row >= 0; row--) {
    let sum = at(x, row);
    for (let k = row + 1; k < width; k++) sum -= at(lower, k * width + row) * at(x, k);
    x[row] = sum / at(lower, row * width + row);
  }
  return x;
}

function at(figures: Float64Array, index: number): number {
  return figures[index] ?? 0;
}
