/**
 * The derivation of Z = W'A by W as a page: node scripts/steps-page.ts writes docs/steps-ZWA.md. A test compares the
 * page with what this file makes.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { derive, renderStepsText, steps } from '../src/api/index.ts';

const program = "A: m\nW: m x n\nZ = W'*A";
export const pagePath = fileURLToPath(new URL('../docs/steps-ZWA.md', import.meta.url));

export function stepsPage(): string {
  const derived = derive(program, 'W');
  if (!derived.ok) throw new Error(derived.error.message);
  const told = steps(derived.value, { hints: true });
  if (!told.ok) throw new Error(told.error.message);
  return `# The weight derivative, step by step

One layer of a network takes m activations A to n pre-activations Z = WᵀA. Its derivative by the weights W is an array
with three axes, and yet all that it holds is A. This page is printed by

\`\`\`sh
wrt derive "A: m; W: m x n; Z = W'*A" W --steps --hints
\`\`\`

and kept as it is printed (\`node scripts/steps-page.ts\` makes it again). A ✓ says that the step was evaluated before and
after, at a random point and with sizes that are different primes.

\`\`\`text
${renderStepsText(told.value, { columns: 92 }).trimEnd()}
\`\`\`
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pagePath, stepsPage());
