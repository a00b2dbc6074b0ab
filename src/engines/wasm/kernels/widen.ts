import { f32x4, f64x2, shuffle32, shuffle64 } from '../assembler/index.ts';
import { createKit, type Kit, type Vectors } from './vectors.ts';

type Compute = (wide: Kit, args: readonly Vectors[]) => Vectors;

/** Computes on float32 vectors in float64: each becomes two vectors, and the results are rounded back. */
export function throughFloat64(k: Kit, args: readonly Vectors[], compute: Compute): Vectors {
  // Two at a time are four in float64: more would not fit into the registers.
  if (args[0]!.length <= 2) return widened(k, args, compute);
  const first = throughFloat64(
    k,
    args.map((x) => x.slice(0, 2)),
    compute,
  );
  const rest = throughFloat64(
    k,
    args.map((x) => x.slice(2)),
    compute,
  );
  return [...first, ...rest];
}

function widened(k: Kit, args: readonly Vectors[], compute: Compute): Vectors {
  const wide = createKit(k.m, k.f, { dtype: 'float64', relaxed: k.d.relaxed });
  const doubles = args.map((x) => {
    const low = k.each((v) => f64x2.promoteLowF32x4(v!), x);
    const high = k.each((v) => f64x2.promoteLowF32x4(shuffle32(v!, v!, 2, 3, 2, 3)), x);
    return x.flatMap((_, i) => [low[i]!, high[i]!]);
  });
  const y = compute(wide, doubles);
  const even = y.filter((_, i) => i % 2 === 0);
  const odd = y.filter((_, i) => i % 2 === 1);
  return k.each((a, b) => shuffle64(f32x4.demoteF64x2(a!), f32x4.demoteF64x2(b!), 0, 2), even, odd);
}
