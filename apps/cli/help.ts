import type { Command } from 'commander';
import { createStyle, lookOf } from './render/style.ts';
import { wrapWords } from './render/wrap.ts';

type Example = readonly [command: string, what: string];

const examples: ReadonlyMap<string, readonly Example[]> = new Map<string, readonly Example[]>([
  [
    'wrt',
    [
      [`wrt derive "norm2(A*x - y)^2" x`, 'the gradient of least squares'],
      [`wrt derive "logsumexp(x)" x,x`, 'a Hessian'],
      [`wrt derive "Z = W'*A + b; L = sum((Z - Y).^2)" W`, 'through a named intermediate'],
      [`wrt eval "x'*A*x" --at '{"A": [[2,1],[1,3]], "x": [1,2]}' --wrt x`, 'values at a point'],
      ['wrt ops softmax', 'one function and its rule'],
    ],
  ],
  [
    'derive',
    [
      [`wrt derive "sum(log(1 + exp(-y.*(X*w))))" w`, 'logistic regression'],
      [`wrt derive "x'*A*x" x --declare "A: n x n symmetric"`, 'with what you know of A'],
      [`wrt derive model.wrt W1,W1 --layout jacobian`, 'a file, a Hessian, another layout'],
      [`echo "A*X*B" | wrt derive - X --format latex`, 'stdin, LaTeX alone'],
      [`wrt derive "X*X" X --numbers`, 'values at a random point'],
      [`wrt derive "norm2(A*x - y)^2" x --steps --hints`, 'how it is found, step by step'],
      [`wrt derive "A: m; Z = W'*A" W --view labelled`, 'rows and columns named; also entry, condensed, unfolded, …'],
      [`wrt derive "X.^2" X --view unfolded --rows i,k`, 'as one matrix, with axes of your choice as rows'],
    ],
  ],
  [
    'eval',
    [
      [`wrt eval "A*x" --at '{"A": [[1,2],[3,4]], "x": [1,1]}'`, 'values as JSON'],
      ['wrt eval "norm2(X*w - y)^2" --at data.npz --at w=w.csv --wrt w', 'values from files, and the gradient'],
      [`wrt eval "sum(x)" --at 'x=[1, 2, 3]'`, 'one value'],
      ['wrt eval model.wrt --at data.npz --wrt w,w --engine auto --threads 2', 'compiled, by the fastest engine'],
    ],
  ],
  [
    'approx',
    [
      [`wrt approx "norm2(A*x - y)^2" x`, 'at a random point, in a random direction'],
      [`wrt approx "s^2" s --at s=1 --direction 1`, 'the parabola of every first lesson'],
      [`wrt approx "sum(exp(A*x))" x --direction steepest --tolerance 0.1%`, 'downhill'],
      [`wrt approx "logsumexp(x)" x,x --svg errors.svg`, 'the gradient as the function, with a picture'],
    ],
  ],
  [
    'chain',
    [
      [`wrt chain "Z = W'*A + b; R = Z - y; L = sum(R.^2)" W`, 'every link between W and L'],
      [`wrt chain "u = sin(x); v = u.*x; L = sum(v)" v x --numbers`, 'from x to v, with values'],
      [`wrt chain "a = exp(x); b = sum(x.^2); L = sum(a)*b" x --only-through b`, 'one summand of the chain rule'],
      [`wrt chain network.wrt --table`, 'the backward pass of all layers'],
    ],
  ],
  [
    'check',
    [
      [`wrt check "norm2(A*x - y)^2" x "2*A'*(A*x - y)"`, 'right'],
      [`wrt check "norm2(A*x - y)^2" x "A'*(A*x - y)"`, 'wrong: a factor is missing'],
      [`wrt check "norm2(A*x - y)^2" x "2(A\\mathbf{x} - y)^\\top A"`, 'LaTeX; a row, so numerator layout'],
      [`wrt check "A*x" x A --layout denominator --strict`, 'one layout alone counts'],
      ['wrt check model.wrt W1 my-gradient.txt --json', 'files, for a program to read'],
    ],
  ],
  [
    'plan',
    [
      [`wrt plan "sum(log(1 + exp(-y.*(X*w))))" w w,w`, 'value, gradient and Hessian together'],
      [`wrt plan "sum(log(1 + exp(-y.*(X*w))))" w,w --sizes m=2000,n=500`, 'with numbers, and the engine for them'],
      [
        `wrt plan "sum((T - U*V').^2)" --newton U -d "U: n x k; V: m x k"`,
        'a Newton step by the structure of the Hessian',
      ],
    ],
  ],
  [
    'emit',
    [
      [`wrt emit "norm2(A*x - y)^2" x --target numpy`, 'NumPy, on stdout'],
      [`wrt emit network.wrt W1 b1 W2 b2 --target torch --dtype float32`, 'all gradients of a network'],
      [`wrt emit "logsumexp(x)" x,x --target c --name lse --file lse.h`, 'a C header'],
      [`wrt emit "sum(log(1 + exp(-y.*(X*w))))" w --target onnx --file logistic.onnx`, 'a model with dynamic sizes'],
    ],
  ],
  [
    'batch',
    [
      [`echo '{"id": 1, "program": "A*x", "wrt": ["x"]}' | wrt batch`, 'one request'],
      ['wrt batch requests.jsonl > answers.jsonl', 'many, answered in order'],
    ],
  ],
  [
    'ops',
    [
      ['wrt ops', 'the whole table'],
      ['wrt ops softmax', 'one function in full'],
      ['wrt ops --json', 'for programs'],
    ],
  ],
]);

const after: ReadonlyMap<string, string> = new Map([
  [
    'wrt',
    `Exit codes: 0 ok, 1 a mathematical no (a singular matrix, a certificate that failed), 2 usage or an error in the program, 3 a limit was reached, 130 interrupted. stdout carries data, stderr carries talk.`,
  ],
  [
    'derive',
    `Shapes that are not declared are inferred, and shown. Without --format the whole page is printed: the program as understood, the derivative, its laws, its condensed form and its certificate.`,
  ],
  [
    'check',
    `Your answer may use every name of the program and names of its own: "r = A*x - y; 2*A'*r". Any layout is right, and is named. Exit codes: 0 right, 1 wrong, 2 it cannot be read, 3 it could not be decided.`,
  ],
  [
    'plan',
    `Flops count additions and multiplications; an exponential or the like counts as ten. Names given to --jvp, --vjp and --hvp add an input for the direction: dNAME, gNAME, vNAME.`,
  ],
  [
    'emit',
    `Targets: numpy, torch, jax, dask, julia, matlab (and Octave), typescript, c (over CBLAS), onnx. The code checks the shapes of its arguments, documents its formulas and can check itself against finite differences.`,
  ],
  [
    'batch',
    `In:  {"id", "declare", "program", "output", "wrt", "at", "held", "layout"}; without "at" no numbers come back.
Out: {"id", "ok": true, "output", "derivative", "certificate", "warnings"} or {"id", "ok": false, "error", "errors"}.`,
  ],
]);

/** Examples first: most people need no more. */
export function helpOf(command: Command, name: string): void {
  const style = createStyle(lookOf(process.stdout));
  const list = examples.get(name) ?? [];
  const lines = list.map(([line, what]) => `  ${style.dim(`# ${what}`)}\n  ${line}`);
  command.addHelpText('before', () => `${style.bold('Examples')}\n${lines.join('\n')}\n`);
  const note = after.get(name);
  if (note !== undefined)
    command.addHelpText(
      'after',
      () =>
        `\n${note
          .split('\n')
          .map((line) => wrapWords(line, style.columns))
          .join('\n')}`,
    );
  command.configureHelp({ minWidthToWrap: 20, styleTitle: (title) => style.bold(title) });
}
