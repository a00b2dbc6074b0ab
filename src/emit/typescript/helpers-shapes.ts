import type { Helper } from '../library.ts';

/** What refuses inputs that do not fit, in sentences that name the shapes. */
export const shapeHelpers: readonly (readonly [string, Helper])[] = [
  [
    'expectAxes',
    {
      text: `function expectAxes(name: string, x: Tensor, rank: number, expected: string): void {
  const entries = x.shape.reduce((a, b) => a * b, 1);
  if (x.shape.length !== rank || x.data.length !== entries)
    throw new RangeError(
      \`\${name} has shape \${x.shape.join(' x ') || 'scalar'} and \${x.data.length} entries, but \${expected} is expected\`,
    );
}`,
    },
  ],
  [
    'expectShape',
    {
      text: `function expectShape(name: string, x: Tensor, shape: readonly number[], expected: string): void {
  if (x.shape.some((n, axis) => n !== shape[axis]))
    throw new RangeError(
      \`\${name} has shape \${x.shape.join(' x ')}, but \${expected} is expected, here \${shape.join(' x ')}\`,
    );
}`,
    },
  ],
  [
    'expectSize',
    {
      text: `function expectSize(name: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(\`the size \${name} must be a positive integer, not \${n}\`);
}`,
    },
  ],
  [
    'expectIndex',
    {
      text: `function expectIndex(name: string, index: number, n: number): void {
  if (!Number.isInteger(index) || index < 1 || index > n)
    throw new RangeError(\`index \${name} is \${index}, but the axis has \${n} entries\`);
}`,
    },
  ],
];
