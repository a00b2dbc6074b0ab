/** What the documentation says of an operator; the meaning itself is in the inference and the lowering of expressions. */
export interface OperatorRecord {
  readonly symbol: string;
  readonly meaning: string;
  /** The shapes it combines: "m×n * n×p → m×p". */
  readonly shapes: readonly string[];
  readonly rule: string;
}

const expansion = [
  'equal shapes → the same',
  'scalar with anything → its shape',
  'm with m×n → m×n, the vector in every column',
  '1×n with m×n → m×n, the row in every row',
];

/** The operators, loosest last, as in the grammar. */
export const operatorTable: readonly OperatorRecord[] = [
  {
    symbol: "'",
    meaning: "transpose; also written .' and ᵀ",
    shapes: ['m×n → n×m', 'n → 1×n', '1×n → n', 'scalar → scalar'],
    rule: "d X' = dX'",
  },
  {
    symbol: '^',
    meaning:
      'power of a scalar, or of a square matrix by an integer; A^-1 is the inverse. One level with .^, from the left: s^2^3 is (s^2)^3',
    shapes: ['scalar ^ scalar → scalar', 'n×n ^ integer → n×n'],
    rule: 'd X^k = Σ X^i * dX * X^(k-1-i), i from 0 to k - 1; d inv(X) = -inv(X)*dX*inv(X)',
  },
  {
    symbol: '.^',
    meaning: 'elementwise power',
    shapes: expansion,
    rule: 'd x.^y = y.*x.^(y - 1) .* dx + x.^y.*log(x) .* dy',
  },
  {
    symbol: '*',
    meaning: 'matrix product; a scalar multiplies anything; a row times a vector is a scalar. Also written · and ×',
    shapes: ['m×n * n×p → m×p', 'm×n * n → m', '1×n * n → scalar', 'm * 1×n → m×n', 'scalar * anything → its shape'],
    rule: 'd (A*B) = dA*B + A*dB',
  },
  {
    symbol: '/',
    meaning: 'division by a scalar; B/A is B*inv(A) for a square matrix A',
    shapes: ['anything / scalar → its shape', 'm×n / n×n → m×n'],
    rule: 'd (B/A) = dB/A - (B/A)*dA/A',
  },
  {
    symbol: '\\',
    meaning: 'solution of a linear system: A\\b is inv(A)*b for a square matrix A',
    shapes: ['n×n \\ n → n', 'n×n \\ n×p → n×p', 'scalar \\ anything → its shape'],
    rule: 'd (A\\b) = A\\(db - dA*(A\\b))',
  },
  {
    symbol: '.*',
    meaning: 'elementwise (Hadamard) product; also written ⊙',
    shapes: expansion,
    rule: 'd (x.*y) = dx.*y + x.*dy',
  },
  {
    symbol: './',
    meaning: 'elementwise division',
    shapes: expansion,
    rule: 'd (x./y) = dx./y - x./y.^2.*dy',
  },
  { symbol: '+', meaning: 'sum; also a sign', shapes: expansion, rule: 'd (x + y) = dx + dy' },
  {
    symbol: '-',
    meaning: 'difference; also a sign, looser than the powers: -x^2 is -(x^2)',
    shapes: expansion,
    rule: 'd (x - y) = dx - dy',
  },
];
