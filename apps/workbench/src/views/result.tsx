import { computed, signal } from '@preact/signals';
import { type Layout, layouts, shapeText } from '../../../../src/api/index.ts';
import type { DerivedView } from '../engine/protocol.ts';
import { type Writing, writings } from '../state/settings.ts';
import { analysis, change, client, derivative, follow, page, result, setting } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Drawing } from '../widgets/drawing.tsx';
import { Equation } from '../widgets/equation.tsx';
import { Formula } from '../widgets/formula.tsx';

const words: Readonly<Record<Layout, string>> = {
  denominator: 'the input’s axes first: a gradient is a column',
  numerator: 'the output’s axes first: a gradient is a row',
  jacobian: 'output by input: a gradient has the input’s shape',
};

const formWords: Readonly<Record<Writing, string>> = {
  matrix: 'matrix notation',
  shapes: 'matrix notation with the shape of each factor',
  condensed: 'without zeros and repetitions, with the rule that uses it',
  Kronecker: 'the unfolded derivative as a Kronecker product',
  index: 'entry by entry',
  unfolded: 'all axes in one matrix',
};
const form = setting('written');
const others = follow('forms', 'result', () =>
  form.value === 'shapes' || form.value === 'index' ? derivative.value : undefined,
);
const drawings = {
  condensed: follow('condensed', 'result', () => (form.value === 'condensed' ? derivative.value : undefined)),
  unfolded: follow('unfolded', 'result', () => (form.value === 'unfolded' ? derivative.value : undefined)),
};
/** Forms that this derivative has; one that was chosen and is not there gives way to the first. */
const offered = computed(() =>
  writings.filter((name) => {
    const d = result.value.value;
    return name === 'Kronecker' ? d?.kronecker !== undefined : name === 'unfolded' ? (d?.axes.length ?? 0) > 2 : true;
  }),
);

/** The derivative, large, with all that belongs to it. */
export function ResultView() {
  const { value, pending } = result.value;
  return (
    <section class="view" aria-label="Derivative" aria-busy={pending}>
      <Controls />
      {value ? <Derivative d={value} /> : <p class="empty">Type a program, and pick what to differentiate by.</p>}
    </section>
  );
}

function Controls() {
  const { wrt, layout } = page.value;
  const variables = analysis.value.value?.variables ?? [];
  const pick = (k: number, name: string): void => {
    const next = name === '' ? wrt.slice(0, k) : [...wrt.slice(0, k), name, ...wrt.slice(k + 1)];
    if (next.length > 0) change({ wrt: next }, true);
  };
  return (
    <div class="controls">
      {[...wrt, ''].slice(0, 3).map((name, k) => (
        <span class="pick" key={k}>
          <label for={`by-${k}`}>{k === 0 ? 'by' : 'then by'}</label>
          <select id={`by-${k}`} value={name} onChange={(event) => pick(k, event.currentTarget.value)}>
            {k > 0 && <option value="">—</option>}
            {variables.map((v) => (
              <option key={v} value={v}>
                {v}
              </option>
            ))}
          </select>
        </span>
      ))}
      <Choice
        label="layout"
        name="layout"
        options={layouts}
        titles={words}
        value={layout}
        onChange={(next) => change({ layout: next }, true)}
      />
    </div>
  );
}

function Written({ d }: { readonly d: DerivedView }) {
  const name = offered.value.includes(form.value) ? form.value : 'matrix';
  if (name === 'condensed' || name === 'unfolded')
    return (
      <>
        <Drawing of={drawings[name]} empty="" />
        {name === 'condensed' && <Rule d={d} />}
      </>
    );
  const { value, pending } = others.value;
  const [, ...where] = d.latex.split(' \\quad\\text{where}\\quad ');
  const withNames = (latex: string): string => [latex, ...where].join(' \\quad\\text{where}\\quad ');
  const latex = {
    matrix: d.latex,
    Kronecker: d.kronecker?.latex,
    shapes: value && withNames(value.factors),
    index: value?.index,
  }[name];
  if (latex === undefined)
    return <p class="empty">{pending || !value ? 'One moment …' : 'Entry by entry this would be too long to read.'}</p>;
  return <Equation latex={latex} turning={d.layout} />;
}

/** How the derivative is used: forwards on a change, backwards on a derivative that comes back. */
function Rule({ d }: { readonly d: DerivedView }) {
  return (
    <dl class="facts">
      <dt>rule</dt>
      <dd>
        {d.rule.name}: {d.rule.words}
      </dd>
      <dt>forwards</dt>
      <dd>
        <Formula latex={d.rule.applyLatex} />
      </dd>
      <dt>backwards</dt>
      <dd>
        <Formula latex={d.rule.pullLatex} />
      </dd>
    </dl>
  );
}

function Derivative({ d }: { readonly d: DerivedView }) {
  const { certificate } = d;
  return (
    <>
      <p class="title">
        <span class="partial">{d.partial}</span> {shapeText(d.shape)}
      </p>
      <div class={`answer layout-${d.layout}`}>
        <Written d={d} />
      </div>
      <Choice
        label="written as"
        name="form"
        options={offered.value}
        titles={formWords}
        value={offered.value.includes(form.value) ? form.value : 'matrix'}
        onChange={(next) => {
          form.value = next;
        }}
      />
      <p class={`certificate certificate-${certificate.status.replace(' ', '-')}`}>
        {certificate.status === 'verified'
          ? `verified: ${certificate.checks.length} checks, worst error ${certificate.worst.toExponential(0)}`
          : `${certificate.status}: ${certificate.reason ?? ''}`}
      </p>
      <dl class="facts">
        <dt>size</dt>
        <dd>{d.laws.size}</dd>
        <dt>axes</dt>
        <dd>{d.laws.axes}</dd>
        {d.reason && (
          <>
            <dt>no matrix</dt>
            <dd>{d.reason}</dd>
          </>
        )}
        <dt>storage</dt>
        <dd>
          {d.storage.kept} of {d.storage.full} entries
        </dd>
      </dl>
      <Copy d={d} />
    </>
  );
}

const targets = ['numpy', 'torch', 'jax', 'julia', 'matlab', 'typescript'] as const;
const titles: Readonly<Record<(typeof targets)[number], string>> = {
  numpy: 'NumPy',
  torch: 'PyTorch',
  jax: 'JAX',
  julia: 'Julia',
  matlab: 'MATLAB',
  typescript: 'TypeScript',
};
const copied = signal('');

/** Copies the derivative in a form of one's choice. */
function Copy({ d }: { readonly d: DerivedView }) {
  const put = async (what: string, text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = `${what} copied`;
  };
  const emit = async (target: (typeof targets)[number]): Promise<void> => {
    const answer = await client.ask(`emit ${target}`, 'emit', { ...derivative.value, target });
    if (answer?.ok) await put(titles[target], answer.value.code);
    else copied.value = answer?.errors[0]?.message ?? '';
  };
  const forms = [
    ['LaTeX', d.latex],
    ['MathML', d.mathml],
    ['text', d.text],
  ] as const;
  return (
    <div class="copy">
      <span>copy as</span>
      {forms.map(([what, text]) => (
        <button type="button" key={what} onClick={() => void put(what, text)}>
          {what}
        </button>
      ))}
      {targets.map((target) => (
        <button type="button" key={target} onClick={() => void emit(target)}>
          {titles[target]}
        </button>
      ))}
      <output>{copied.value}</output>
    </div>
  );
}
