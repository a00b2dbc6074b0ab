import { signal } from '@preact/signals';
import { type Layout, layouts } from '../../../../src/api/index.ts';
import type { DerivedView } from '../engine/protocol.ts';
import { analysis, change, client, derivative, page, result } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Formula } from '../widgets/formula.tsx';

const words: Readonly<Record<Layout, string>> = {
  denominator: 'the input’s axes first: a gradient is a column',
  numerator: 'the output’s axes first: a gradient is a row',
  jacobian: 'output by input: a gradient has the input’s shape',
};

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
        <label key={k}>
          {k === 0 ? 'by' : 'then by'}
          <select value={name} onChange={(event) => pick(k, event.currentTarget.value)}>
            {k > 0 && <option value="">—</option>}
            {variables.map((v) => (
              <option key={v} value={v}>
                {v}
              </option>
            ))}
          </select>
        </label>
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

function Derivative({ d }: { readonly d: DerivedView }) {
  const { certificate } = d;
  return (
    <>
      <div class={`answer layout-${d.layout}`}>
        <Formula display latex={d.latex} />
      </div>
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
        {d.kronecker && (
          <>
            <dt>Kronecker</dt>
            <dd>
              <Formula latex={d.kronecker.latex} />
            </dd>
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
const copied = signal('');

/** Copies the derivative in a form of one's choice. */
function Copy({ d }: { readonly d: DerivedView }) {
  const put = async (what: string, text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = what;
  };
  const emit = async (target: (typeof targets)[number]): Promise<void> => {
    const answer = await client.ask(`emit ${target}`, 'emit', { ...derivative.value, target });
    if (answer?.ok) await put(target, answer.value.code);
    else copied.value = answer ? (answer.errors[0]?.message ?? '') : '';
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
          {target}
        </button>
      ))}
      <output>{copied.value && `${copied.value} copied`}</output>
    </div>
  );
}
