import '../styles/approx.css';
import { computed, signal } from '@preact/signals';
import { lazy, Suspense } from 'preact/compat';
import { useMemo } from 'preact/hooks';
import type { Options } from 'uplot';
import type { Curve } from '../engine/protocol.ts';
import { analysis, change, derivative, follow, page } from '../state/store.ts';
import { Drawing } from '../widgets/drawing.tsx';
import { short } from '../widgets/grid.tsx';
import { axis, colour } from '../widgets/plot-colours.ts';

const Plot = lazy(() => import('../widgets/plot.tsx').then((m) => ({ default: m.Plot })));

const atPoint = () => ({ ...derivative.value, point: { seed: page.value.seed, values: page.value.values } });
const approx = follow('approx', 'approx', atPoint);

/** A number that depends on one number has a curve. */
const isCurve = computed(() => {
  const { wrt } = page.value;
  const known = analysis.value.value;
  const variable = known?.names.find((n) => n.name === wrt[0]);
  return wrt.length === 1 && variable !== undefined && variable.axes.length === 0;
});
const curve = follow('curve', 'approx', () => (isCurve.value ? atPoint() : undefined));
/** Which of the steps h, h/2, h/4 … is looked at. */
const chosen = signal(0);

/** The predicted change beside the actual one, while the step shrinks. */
export function ApproxView() {
  const { value, pending } = approx.value;
  return (
    <section class="view" aria-label="Linear approximation" aria-busy={pending}>
      <div class="controls">
        <button type="button" onClick={() => change({ seed: page.value.seed + 1, values: {} }, true)}>
          Another random point
        </button>
      </div>
      {isCurve.value && curve.value.value && <Tangent curve={curve.value.value} />}
      {value && <Errors data={value.data} />}
      <details class="more" open={!value}>
        <summary>Every step, in numbers and words</summary>
        <Drawing of={approx} empty="Type a program first." />
      </details>
    </section>
  );
}

type Data = NonNullable<typeof approx.value.value>['data'];

/** The error against the step on logarithmic scales, and one step of one's choice. */
function Errors({ data }: { readonly data: Data }) {
  const steps = data.steps.filter((step) => step.finite);
  const k = Math.min(chosen.value, steps.length - 1);
  const step = steps[k];
  // What is zero has no logarithm.
  const drawn = useMemo(() => steps.filter((s) => s.error > 0 && s.h > 0).sort((a, b) => a.h - b.h), [data]);
  const options = useMemo(() => errorOptions(data.output), [data.output]);
  const points = useMemo(
    () =>
      [drawn.map((s) => s.h), drawn.map((s) => s.error), drawn.map((s) => (s.h === step?.h ? s.error : null))] as [
        number[],
        number[],
        (number | null)[],
      ],
    [drawn, step?.h],
  );
  if (!step) return null;
  const { order } = data.verdict;
  return (
    <section class="errors" aria-label="Error of the linear step">
      <label class="slider">
        step
        <input
          type="range"
          min={0}
          max={steps.length - 1}
          value={steps.length - 1 - k}
          aria-valuetext={`h = ${short(step.h)}`}
          onInput={(event) => {
            chosen.value = steps.length - 1 - Number(event.currentTarget.value);
          }}
        />
        <output>h = {short(step.h)}</output>
      </label>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">actual change</th>
            <th scope="col">predicted change</th>
            <th scope="col">error</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>{step.actual.toPrecision(6)}</td>
            <td>{step.predicted.toPrecision(6)}</td>
            <td>{step.error.toPrecision(3)}</td>
          </tr>
        </tbody>
      </table>
      {drawn.length > 1 ? (
        <Suspense fallback={<div class="plot-place" />}>
          <Plot label={`error against step size, ${slopeWords(order)}`} data={points} options={options} height={280} />
        </Suspense>
      ) : (
        <p class="note">The prediction is exact: there is no error to draw.</p>
      )}
      <p class="note">{drawn.length > 1 && slopeWords(order)}</p>
    </section>
  );
}

const slopeWords = (order: number | undefined): string =>
  order === undefined
    ? 'the line has no clear slope'
    : `slope ${order.toFixed(2)}: half the step leaves 1/${short(2 ** order)} of the error`;

/** Ticks of a logarithmic axis: powers of ten, no more than eight of them. */
function powers(_: unknown, __: number, from: number, to: number): number[] {
  const [low, high] = [Math.ceil(Math.log10(from)), Math.floor(Math.log10(to))];
  const by = Math.max(1, Math.ceil((high - low) / 8));
  return Array.from({ length: Math.max(0, Math.floor((high - low) / by) + 1) }, (___, k) => 10 ** (low + k * by));
}
const powerWords = (_: unknown, ticks: readonly number[]): string[] =>
  ticks.map((tick) => `10${[...String(Math.round(Math.log10(tick)))].map((c) => raised.get(c)).join('')}`);
const raised: ReadonlyMap<string, string> = new Map([...'-0123456789'].map((c, k) => [c, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][k]!]));

const errorOptions = (output: string): Omit<Options, 'width' | 'height'> => ({
  scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
  legend: { show: false },
  cursor: { drag: { x: false, y: false } },
  axes: [
    { ...axis('step h'), splits: powers, values: powerWords },
    { ...axis(`error of Δ${output}`), splits: powers, values: powerWords },
  ],
  series: [
    {},
    { stroke: () => colour('accent'), width: 2, points: { show: true, size: 6 } },
    { stroke: () => colour('bad'), points: { show: true, size: 12, fill: () => colour('bad') }, paths: () => null },
  ],
});

/** The curve with its tangent; the point follows the pointer, or the slider. */
function Tangent({ curve: c }: { readonly curve: Curve }) {
  const move = (x: number): void => change({ values: { ...page.value.values, [c.variable]: Number(x.toFixed(3)) } });
  const options = useMemo(() => curveOptions(c.variable, c.output), [c.variable, c.output]);
  // The window stays where it was while the point is dragged within it.
  const window = useMemo(() => ({ from: c.xs[0]!, to: c.xs.at(-1)! }), [c.variable, c.output]);
  const data = useMemo(() => {
    const here = c.xs.map((x) => (Math.abs(x - c.at) < (c.xs[1]! - c.xs[0]!) / 2 ? c.value : null));
    const finite = c.ys.map((y) => (Number.isFinite(y) ? y : null));
    return [c.xs, finite, c.tangent, here] as [number[], (number | null)[], number[], (number | null)[]];
  }, [c]);
  return (
    <section class="curve" aria-label="Curve and tangent">
      <Suspense fallback={<div class="plot-place" />}>
        <Plot
          label={`${c.output} against ${c.variable} with its tangent at ${short(c.at)}, slope ${short(c.slope)}`}
          data={data}
          options={options}
          height={300}
          onDrag={move}
        />
      </Suspense>
      <label class="slider">
        {c.variable}
        <input
          type="range"
          min={window.from}
          max={window.to}
          step="0.01"
          value={c.at}
          onInput={(event) => move(Number(event.currentTarget.value))}
        />
        <output>
          {c.variable} = {short(c.at)}, {c.output} = {short(c.value)}, slope {short(c.slope)}
        </output>
      </label>
      <p class="note">Drag in the picture to move the point; the tangent follows.</p>
    </section>
  );
}

const curveOptions = (variable: string, output: string): Omit<Options, 'width' | 'height'> => ({
  scales: { x: { time: false } },
  legend: { show: false },
  cursor: { drag: { x: false, y: false } },
  axes: [axis(variable), axis(output)],
  series: [
    {},
    { stroke: () => colour('accent'), width: 2, points: { show: false } },
    { stroke: () => colour('warn'), width: 2, dash: [6, 4], points: { show: false } },
    { stroke: () => colour('bad'), points: { show: true, size: 12, fill: () => colour('bad') }, paths: () => null },
  ],
});
