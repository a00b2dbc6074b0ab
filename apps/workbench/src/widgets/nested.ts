/** Numbers row by row as nested lists. */
export function nested(shape: readonly number[], data: readonly number[]): unknown {
  if (shape.length === 0) return data[0];
  if (shape.length === 1) return data;
  const columns = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, i) => data.slice(i * columns, (i + 1) * columns));
}
