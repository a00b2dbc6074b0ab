import { expect, test } from 'vitest';
import { printUnicode } from '../../../src/notation/print/unicode.ts';
import { binary, call, type Expr, name, neg, num, text, transposed } from '../../../src/syntax/expr.ts';

const [A, B, X, T, b, s, x, y, z] = ['A', 'B', 'X', 'T', 'b', 's', 'x', 'y', 'z'].map(name) as [
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
];
const times = (l: Expr, r: Expr) => binary('*', l, r);
const residual = binary('-', times(A, x), y);
const eye = (n: Expr) => call('eye', n);

test.each<[Expr, string]>([
  [times(times(num(2), transposed(A)), residual), '2 Aᵀ(A x − y)'],
  [times(A, residual), 'A·(A x − y)'],
  [times(x, num(2)), 'x·2'],
  [times(name('loss'), name('W1')), 'loss W₁'],
  [call('inv', A), 'A⁻¹'],
  [call('inv', binary('+', A, B)), '(A + B)⁻¹'],
  [transposed(call('inv', A)), 'A⁻ᵀ'],
  [transposed(binary('^', A, neg(num(1)))), 'A⁻ᵀ'],
  [call('inv', transposed(A)), 'A⁻ᵀ'],
  [call('pinv', A), 'A⁺'],
  [binary('\\', A, b), 'A⁻¹ b'],
  [call('norm2', x), '‖x‖₂'],
  [binary('^', call('norm2', x), num(2)), '‖x‖₂²'],
  [call('normF', X), '‖X‖_F'],
  [call('norm', x, num(3)), '‖x‖₃'],
  [call('abs', x), '|x|'],
  [call('abs', times(A, x)), 'abs(A x)'],
  [call('sigmoid', x), 'σ(x)'],
  [times(name('sigma'), call('sigmoid', x)), 'σ sigmoid(x)'],
  [call('sqrt', x), '√x'],
  [call('sqrt', binary('+', x, y)), '√(x + y)'],
  [binary('^', call('sqrt', x), num(2)), '(√x)²'],
  [binary('^', x, num(2)), 'x²'],
  [binary('^', binary('^', x, num(2)), num(3)), '(x²)³'],
  [binary('^', x, name('n')), 'xⁿ'],
  [binary('^', x, binary('-', b, num(1))), 'xᵇ⁻¹'],
  [binary('^', x, num(0.5)), 'x^0.5'],
  [binary('^', x, binary('/', num(1), num(2))), 'x^(1/2)'],
  [binary('^', x, name('ab')), 'x^ab'],
  [binary('.^', x, num(2)), 'x^⊙2'],
  [times(binary('.^', x, num(2)), binary('+', y, z)), 'x^⊙2·(y + z)'],
  [binary('.*', x, y), 'x ⊙ y'],
  [binary('.*', num(2), y), '2 y'],
  [times(binary('.*', x, y), z), '(x ⊙ y) z'],
  [binary('.*', x, times(y, z)), 'x ⊙ (y z)'],
  [binary('.*', times(A, x), y), 'A x ⊙ y'],
  [binary('./', binary('.*', x, y), z), 'x ⊙ y ⊘ z'],
  [binary('.*', binary('./', x, y), z), '(x ⊘ y) ⊙ z'],
  [binary('./', x, num(2)), 'x/2'],
  [binary('/', times(transposed(A), residual), call('norm2', residual)), 'Aᵀ(A x − y)/‖A x − y‖₂'],
  [times(binary('/', x, s), y), '(x/s) y'],
  [neg(times(x, y)), '−x y'],
  [times(neg(x), y), '−x y'],
  [times(x, neg(y)), 'x·(−y)'],
  [binary('+', x, neg(y)), 'x + (−y)'],
  [neg(binary('+', x, y)), '−(x + y)'],
  [binary('+', x, binary('-', y, z)), 'x + y − z'],
  [binary('-', x, binary('-', y, z)), 'x − (y − z)'],
  [call('tr', X), 'tr(X)'],
  [call('det', X), 'det(X)'],
  [call('logdet', X), 'log(det(X))'],
  [call('diag', x), 'diag(x)'],
  [eye(num(3)), 'I₃'],
  [eye(name('n')), 'Iₙ'],
  [eye(name('b')), 'I_b'],
  [times(name('I'), eye(name('n'))), 'I eye(n)'],
  [call('ones', name('n')), '1ₙ'],
  [transposed(call('ones', name('n'))), '1ₙᵀ'],
  [times(num(2), call('ones', num(3))), '2·1₃'],
  [call('ones', name('m'), name('n')), '1ₘₓₙ'],
  [call('zeros', num(4)), '0₄'],
  [call('kron', A, B), 'A ⊗ B'],
  [call('kron', times(A, B), X), '(A B) ⊗ X'],
  [call('outer', x, y), 'x yᵀ'],
  [call('dot', x, y), '⟨x, y⟩'],
  [{ kind: 'call', fn: 'f', order: 1, args: [name('Z')] }, 'f′(Z)'],
  [{ kind: 'call', fn: 'phi', order: 4, args: [name('Z1')] }, 'φ⁽⁴⁾(Z₁)'],
  [{ kind: 'index', target: X, indices: [name('i'), null] }, 'X[i,:]'],
  [name('lambda'), 'λ'],
  [name('theta_max'), 'θₘₐₓ'],
  [name('W_b'), 'W_b'],
  [name('y_hat'), 'y\u0302'],
  [binary('+', name('x1'), name('x_1')), 'x1 + x_1'],
  [binary('+', name('lambda'), name('λ')), 'lambda + λ'],
  [call('einsum', text('ijk,k->ij'), T, x), '[∑ₖ T[i,j,k] x[k]]ᵢⱼ'],
  [call('einsum', text('ijk,i,j,k->'), T, x, y, z), '∑ᵢⱼₖ T[i,j,k] x[i] y[j] z[k]'],
  [times(num(2), call('einsum', text('i,i->'), x, y)), '2(∑ᵢ x[i] y[i])'],
  [times(s, call('einsum', text('ik,jl->ijkl'), eye(num(2)), eye(num(3)))), 's·[δ[i,k] δ[j,l]]ᵢⱼₖₗ'],
  [call('einsum', text('bi,,i->b'), A, s, residual), '[∑ᵢ s A[b,i] (A x − y)[i]]_b'],
  [call('einsum', text('ii'), A), 'einsum("ii", A)'],
  [num(1.5e-9), '1.5·10⁻⁹'],
  [num(1e-9), '10⁻⁹'],
  [binary('^', num(1e-9), num(2)), '(10⁻⁹)²'],
])('%#: %j', (e, expected) => expect(printUnicode(e)).toBe(expected));

test('shapes tell a quotient from an inverse and a scalar from an array', () => {
  const names = new Map([
    ['A', { axes: 2 }],
    ['B', { axes: 2 }],
    ['s', { axes: 0 }],
    ['t', { axes: 0 }],
    ['x', { axes: 1 }],
  ]);
  const shown = (e: Expr) => printUnicode(e, { names });
  expect(shown(binary('/', B, A))).toBe('B A⁻¹');
  expect(shown(binary('/', B, binary('+', A, times(s, A))))).toBe('B·(A + s A)⁻¹');
  expect(shown(binary('/', B, s))).toBe('B/s');
  expect(shown(binary('\\', s, x))).toBe('x/s');
  expect(shown(binary('.*', s, x))).toBe('s x');
  expect(shown(binary('.^', s, name('t')))).toBe('sᵗ');
  expect(shown(binary('./', x, call('norm2', x)))).toBe('x/‖x‖₂');
  expect(shown(times(s, times(A, x)))).toBe('s A x');
  expect(shown(call('einsum', text('ij,j->i'), transposed(A), x))).toBe('[∑ⱼ A[j,i] x[j]]ᵢ');
});

test('a long sum is no deep recursion', () => {
  let e: Expr = x;
  for (let k = 0; k < 50_000; k++) e = binary('+', e, y);
  expect(printUnicode(e)).toHaveLength(1 + 4 * 50_000);
});
