import type { Graph, Interval, Tangent } from '../../../../src/api/index.ts';
import { Chart, type ChartAxis, type ChartPoint } from '../widgets/chart.tsx';
import { short, ticksOf } from '../widgets/numbers.ts';
import { Figure } from '../widgets/save-svg.tsx';
import { look, Surface, tilts, turnBy } from '../widgets/surface.tsx';
import { endOf, graph, local, moveTo, nudge, step } from './approx-state.ts';

/** The curve or the surface, where one or two numbers move. */
export function GraphSection() {
  const known = local.value.value;
  const picture = graph.value.value;
  if (!known?.tangent) return null;
  const { tangent, output } = known;
  // The picture of another program is on its way out.
  const fits = picture?.labels.join() === tangent.coordinates.map((c) => c.label).join();
  if (!picture || !fits) return <div class="graph-place" />;
  const isCurve = tangent.coordinates.length === 1;
  return (
    <section class="graph" aria-label={isCurve ? 'Curve and tangent' : 'Surface and tangent plane'}>
      <Figure name={isCurve ? 'curve' : 'surface'} text={`${output} with its tangent`}>
        {isCurve ? (
          <Curve graph={picture} tangent={tangent} output={output} />
        ) : (
          <Surface
            graph={picture}
            tangent={tangent}
            output={output}
            trial={trialOf(tangent)}
            onMove={moveTo}
            onNudge={nudge}
          />
        )}
      </Figure>
      <PointSliders tangent={tangent} />
      {!isCurve && <LookSliders />}
      <p class="note">
        {output} = {short(tangent.value)} at the point.{' '}
        {isCurve
          ? 'Drag in the picture to move the point; the tangent follows.'
          : 'Drag on the surface to move the point; the tangent plane follows. Drag beside it to turn the picture.'}
      </p>
    </section>
  );
}

/** The chosen step: where it ends, what was predicted there, and what is there. */
function trialOf(tangent: Tangent) {
  const to = endOf(tangent);
  const chosen = step.value;
  if (!to || !chosen || !to.every((x, k) => x >= tangent.window[k]![0] && x <= tangent.window[k]![1])) return undefined;
  const { value } = tangent;
  return {
    to: to as unknown as readonly [number, number],
    predicted: value + chosen.predicted,
    actual: value + chosen.actual,
  };
}

const axisOf = (label: string, [low, high]: Interval): ChartAxis => ({
  label,
  low,
  high,
  ticks: ticksOf(low, high, 6),
});

interface Pictured {
  readonly graph: Graph;
  readonly tangent: Tangent;
  readonly output: string;
}

function Curve({ graph: { grid, heights, range }, tangent, output }: Pictured) {
  const { coordinates, value, slopes, patch, corners } = tangent;
  const { label, at } = coordinates[0]!;
  const [low, high] = [Math.min(range[0], value), Math.max(range[1], value)];
  const room = 0.06 * (high - low);
  const trial = trialOf(tangent);
  const x = trial?.to[0] ?? Number.NaN;
  const miss: readonly ChartPoint[] = trial
    ? [
        [x, trial.predicted],
        [x, trial.actual],
      ]
    : [];
  return (
    <Chart
      label={`${output} against ${label} with its tangent at ${short(at)}, slope ${short(slopes[0]!)}`}
      x={axisOf(label, [grid[0]![0]!, grid[0]!.at(-1)!])}
      y={axisOf(output, [low - room, high + room])}
      lines={[
        { kind: 'first', points: heights.map((y, k) => [grid[0]![k]!, y]) },
        { kind: 'second', name: 'tangent', points: patch[0]!.map((end, k) => [end, corners[k]!]) },
        ...(trial ? [{ kind: 'miss' as const, name: 'error of the step', points: miss }] : []),
      ]}
      marks={[{ at: [at, value], kind: 'point' }]}
      height={300}
      onDrag={(to) => moveTo([to])}
    />
  );
}

/** The point by the keyboard: a slider for each number that moves. */
function PointSliders({ tangent: { coordinates, window, slopes } }: Pick<Pictured, 'tangent'>) {
  const at = coordinates.map((c) => c.at);
  return (
    <div class="sliders">
      {coordinates.map(({ label, at: x }, k) => (
        <label class="slider" key={label}>
          <span>{label}</span>
          <input
            type="range"
            min={window[k]![0]}
            max={window[k]![1]}
            step={(window[k]![1] - window[k]![0]) / 400}
            value={x}
            aria-label={label}
            aria-valuetext={`${label} = ${short(x)}`}
            onInput={(event) => moveTo(at.with(k, Number(event.currentTarget.value)))}
          />
          <output>
            {short(x)}, slope {short(slopes[k]!)}
          </output>
        </label>
      ))}
    </div>
  );
}

function LookSliders() {
  const { turn, tilt } = look.value;
  return (
    <div class="sliders">
      <label class="slider">
        <span>turn</span>
        <input
          type="range"
          aria-label="turn"
          min="0"
          max="360"
          step="2"
          value={turn}
          onInput={(event) => turnBy(turn - Number(event.currentTarget.value), 0)}
        />
        <output>{Math.round(turn)}°</output>
      </label>
      <label class="slider">
        <span>tilt</span>
        <input
          type="range"
          aria-label="tilt"
          min={tilts[0]}
          max={tilts[1]}
          value={tilt}
          onInput={(event) => turnBy(0, Number(event.currentTarget.value) - tilt)}
        />
        <output>{Math.round(tilt)}°</output>
      </label>
    </div>
  );
}
