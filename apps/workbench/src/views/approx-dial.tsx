import type { Dial as Changes } from '../../../../src/api/index.ts';
import { Chart, type ChartPoint } from '../widgets/chart.tsx';
import { Dial, placeOn } from '../widgets/dial.tsx';
import { short, ticksOf } from '../widgets/numbers.ts';
import { Figure } from '../widgets/save-svg.tsx';
import { degrees, dial, local, towards } from './approx-state.ts';

const turnTo = (angle: number): void => {
  degrees.value = angle;
};

/** The direction of the step, where there is more than one: the change is greatest along the gradient. */
export function DialSection() {
  const known = dial.value.value;
  const inputs = local.value.value;
  if (!inputs?.turns) return null;
  if (!known) return <div class="dial-place" />;
  const entries = inputs.inputs[0]!.entries;
  const key = (indices: readonly number[]): string => indices.join(',');
  const flat = known.steepest === 0;
  return (
    <section class="dials" aria-label="Direction of the step">
      {entries.length > 2 && (
        <label class="towards">
          from the gradient towards
          <select
            value={towards.value ? key(towards.value) : ''}
            onChange={(event) => {
              towards.value = entries.find((e) => key(e.entry) === event.currentTarget.value)?.entry;
            }}
          >
            <option value="">a random direction</option>
            {entries.map(({ label, entry }) => (
              <option key={label} value={key(entry)}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="dial-row">
        <Figure name="directions" text={`change of ${known.output} by direction`}>
          <Dial dial={known} degrees={degrees.value} onTurn={turnTo} />
        </Figure>
        <div class="dial-chart">
          <Figure name="change-by-angle" text={`change of ${known.output} against the angle from the gradient`}>
            <Around dial={known} />
          </Figure>
        </div>
      </div>
      <p class="note">
        {flat
          ? 'The gradient is zero here: to first order nothing changes, whichever way one goes.'
          : 'Turn the dial, or drag in the picture. Along the gradient the predicted change is greatest, at a right angle to it it is zero.'}
      </p>
    </section>
  );
}

function Around({ dial: known }: { readonly dial: Changes }) {
  const { degrees: places, predicted, actual, output, h } = known;
  const values = [...predicted, ...actual].filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.08 * (high - low) || 1;
  const y = { label: `Δ${output} for h = ${short(h)}`, low: low - room, high: high + room };
  const line = (list: readonly number[]): readonly ChartPoint[] =>
    [...places, 360].map((angle, k): ChartPoint => [angle, list[k % list.length]!]);
  const k = placeOn(known, degrees.value);
  const right = [0, 90, 180, 270, 360];
  return (
    <Chart
      label={`change of ${output} against the angle from the gradient: at ${degrees.value}° predicted ${short(predicted[k]!)}, actual ${short(actual[k]!)}`}
      x={{ label: 'angle from the gradient', low: 0, high: 360, ticks: right.map((at) => ({ at, label: `${at}°` })) }}
      y={{ ...y, ticks: ticksOf(y.low, y.high, 5) }}
      lines={[
        { kind: 'first', name: 'actual', points: line(actual) },
        { kind: 'second', name: 'predicted', points: line(predicted) },
        {
          kind: 'miss',
          points: [
            [places[k]!, predicted[k]!],
            [places[k]!, actual[k]!],
          ],
        },
      ]}
      marks={[
        { at: [places[k]!, actual[k]!], kind: 'dot' },
        { at: [places[k]!, predicted[k]!], kind: 'trial' },
      ]}
      height={256}
      onDrag={(angle) => turnTo(places[placeOn(known, angle)]!)}
    />
  );
}
