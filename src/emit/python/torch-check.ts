import type { CheckStyle } from './check.ts';
import { tuple } from './dialect.ts';

/** A self-check that computes with PyTorch alone. */
export const torchCheck: CheckStyle = {
  module: 'torch',
  generator: 'rng = torch.Generator().manual_seed(seed)',
  uniform: (low, high, shape) => `uniform(rng, ${low}, ${high}, ${tuple(shape)})`,
  normal: (shape) => `normal(rng, ${tuple(shape)})`,
  eye: (size) => `torch.eye(${size})`,
  array: (code) => code,
  permute: (x, order) => (order.length === 2 ? `${x}.T` : `${x}.permute(${order.join(', ')})`),
  before: [],
  helpers: new Map([
    [
      'uniform',
      `def uniform(rng, low, high, shape):
    """Numbers between low and high."""
    unit = torch.rand(shape, generator=rng, dtype=torch.float64)
    return low + (high - low) * unit`,
    ],
    [
      'normal',
      `def normal(rng, shape):
    """Standard normal numbers."""
    return torch.randn(shape, generator=rng, dtype=torch.float64)`,
    ],
    [
      'slope',
      `def slope(f, x, d, h=1e-3):
    """The derivative of f at x along d: differences of fourth order."""
    near = f(x + h * d) - f(x - h * d)
    far = f(x + 2 * h * d) - f(x - 2 * h * d)
    return (8 * near - far) / (12 * h)`,
    ],
    [
      'differences',
      `def differences(f, x, move=torch.as_tensor):
    """The derivative of f at x: the axes of f(x), then those of x."""
    steps = torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    columns = [slope(f, x, move(step)) for step in steps]
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)`,
    ],
    [
      'moved',
      `def moved(g, axis, move):
    """Sums the entries along two axes of g that move together."""
    g = torch.movedim(g, (axis, axis + 1), (-2, -1))
    n = g.shape[-1]
    steps = torch.eye(n * n, dtype=g.dtype).reshape(-1, n, n)
    sums = [torch.tensordot(g, move(step), 2) for step in steps]
    sums = torch.stack(sums, -1).reshape(g.shape)
    return torch.movedim(sums, (-2, -1), (axis, axis + 1))`,
    ],
    [
      'symmetric',
      `def symmetric(step):
    """An entry of a symmetric matrix moves with its mirror image."""
    return torch.maximum(step, step.T)`,
    ],
    [
      'diagonal',
      `def diagonal(step):
    """Only the diagonal of a diagonal matrix moves."""
    return torch.diag(torch.diag(step))`,
    ],
    [
      'error',
      `def error(claimed, expected, base):
    """The largest difference, relative to the largest entry."""
    if claimed.shape != expected.shape:
        return float("inf")
    scale = expected.abs().max() + 1e-4 * base.abs().max() + 1e-5
    worst = ((claimed - expected).abs().max() / scale).item()
    return float("inf") if math.isnan(worst) else worst`,
    ],
    [
      'wave',
      `def wave(order, x):
    """sin(x), or a derivative of it: a stand-in for an unknown function."""
    return torch.sin(x + order * math.pi / 2)`,
    ],
    [
      'waves',
      `def waves(to, order, x):
    """A stand-in for an unknown function of an array: sin(P * x)."""
    shape = to + tuple(x.shape)
    rng = torch.Generator().manual_seed(7)
    P = torch.rand(shape, generator=rng, dtype=x.dtype) - 0.5
    y = torch.sin(torch.tensordot(P, x, x.ndim) + order * math.pi / 2)
    for k in range(order):
        spread = to + (1,) * (k * x.ndim) + tuple(x.shape)
        y = y.reshape(tuple(y.shape) + (1,) * x.ndim) * P.reshape(spread)
    return y`,
    ],
  ]),
};
