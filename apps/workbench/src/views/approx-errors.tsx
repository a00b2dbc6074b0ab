import type { Chart as ErrorChart } from '../../../../src/api/index.ts';
import { Chart, type ChartAxis, type ChartPoint } from '../widgets/chart.tsx';
import { short } from '../widgets/numbers.ts';
import { Figure } from '../widgets/save-svg.tsx';
import { approx, halving, step, steps } from './approx-state.ts';

/** One step of one's choice: what happens, and what was predicted. */
export function Steps() {
  const data = approx.value.value?.data;
  const chosen = step.value;
  if (!data || !chosen) return null;
  const last = steps.value.length - 1;
  const isNumber = data.outputShape.length === 0;
  const { rounding } = chosen;
  return (
    <section class="steps-of" aria-label="One step">
      <label class="slider">
        <span>step</span>
        <input
          type="range"
          aria-label="step"
          min={0}
          max={last}
          value={last - steps.value.indexOf(chosen)}
          aria-valuetext={`h = ${short(chosen.h)}`}
          onInput={(event) => {
            halving.value = last - Number(event.currentTarget.value);
          }}
        />
        <output>h = {short(chosen.h)}</output>
      </label>
      <table class="numbers">
        <caption>
          {isNumber ? '' : 'length of '}Δ{data.output} for a step of length {short(chosen.h)} in {data.variable}
        </caption>
        <thead>
          <tr>
            <th scope="col">actual change</th>
            <th scope="col">predicted change</th>
            <th scope="col">error</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>{short(settle(chosen.actual, rounding))}</td>
            <td>{short(settle(chosen.predicted, rounding))}</td>
            <td>{chosen.error.toPrecision(3)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** What is no more than rounding is shown as nothing. */
const settle = (change: number, rounding: number): number => (Math.abs(change) <= rounding ? 0 : change);

/** The error against the step on logarithmic scales. */
export function ErrorLine() {
  const value = approx.value.value;
  if (!value) return null;
  const { chart, data } = value;
  if (!chart) return <p class="note">The prediction is exact: there is no error to draw.</p>;
  const { order } = data.verdict;
  const { output } = data;
  return (
    <section class="errors" aria-label="Error of the linear step">
      <Figure name="error" text={`error of Δ${output} against the step, ${slopeWords(order)}`}>
        <Errors chart={chart} output={output} words={slopeWords(order)} />
      </Figure>
      <p class="note">{slopeWords(order)}</p>
    </section>
  );
}

function Errors({
  chart,
  output,
  words,
}: {
  readonly chart: ErrorChart;
  readonly output: string;
  readonly words: string;
}) {
  const { errors, guide, x, y } = chart;
  const chosen = Math.log10(step.value?.h ?? 0);
  const points = errors.map((p): ChartPoint => [p.x, p.y]);
  const room = 0.03 * (x.high - x.low);
  const axis: ChartAxis = { label: 'step h', low: x.low - room, high: x.high + room, ticks: x.ticks };
  return (
    <Chart
      label={`error against step size, ${words}`}
      x={axis}
      y={{ label: `error of Δ${output}`, ...y }}
      lines={[
        ...(guide
          ? [{ kind: 'guide' as const, name: 'slope 2', points: guide.map((p): ChartPoint => [p.x, p.y]) }]
          : []),
        { kind: 'first', name: 'error', points },
      ]}
      marks={errors.map((p) => ({
        at: [p.x, p.y] as const,
        kind: Math.abs(p.x - chosen) < 1e-9 ? 'trial' : p.clear ? 'dot' : 'hollow',
      }))}
      height={280}
    />
  );
}

const slopeWords = (order: number | undefined): string =>
  order === undefined
    ? 'the line has no clear slope'
    : `slope ${order.toFixed(2)}: half the step leaves 1/${short(2 ** order)} of the error`;
