import '../styles/figures.css';
import type { Dial as Changes } from '../../../../src/api/index.ts';
import { pathOf } from './chart.tsx';
import { short } from './numbers.ts';

interface DialProps {
  readonly dial: Changes;
  readonly degrees: number;
  readonly onTurn: (degrees: number) => void;
}

const radius = 84;
const size = 240;
/** Which key turns by how much, in places of the dial. */
const keys: ReadonlyMap<string, number> = new Map([
  ['ArrowRight', 1],
  ['ArrowUp', 1],
  ['ArrowLeft', -1],
  ['ArrowDown', -1],
  ['PageUp', 10],
  ['PageDown', -10],
]);

/** Degrees from the gradient, which points up, clockwise. */
const at = (degrees: number, far: number): readonly [number, number] => [
  far * Math.sin((degrees * Math.PI) / 180),
  -far * Math.cos((degrees * Math.PI) / 180),
];

/** Which of the dial's places is nearest. */
export const placeOn = ({ degrees }: Changes, angle: number): number =>
  Math.round((((angle % 360) + 360) % 360) / (360 / degrees.length)) % degrees.length;

/** A direction that one turns; around it what a step does that way: filled what is predicted, dashed what happens. */
export function Dial({ dial, degrees, onTurn }: DialProps) {
  const { degrees: places, predicted, actual } = dial;
  const step = 360 / places.length;
  const largest = [...predicted, ...actual].reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 0);
  const far = (change: number): number => (largest === 0 ? 0 : (radius * Math.abs(change)) / largest);
  const k = placeOn(dial, degrees);
  const turn = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    onTurn(places[placeOn(dial, (Math.atan2(x, -y) * 180) / Math.PI)]!);
  };
  const press = (event: KeyboardEvent): void => {
    const by = keys.get(event.key);
    const next = by === undefined ? ends.get(event.key) : degrees + by * step;
    if (next === undefined) return;
    event.preventDefault();
    onTurn(places[placeOn(dial, next)]!);
  };
  const rose = (values: readonly number[], shown: (v: number) => boolean): string =>
    pathOf(
      [...places, 360].map((angle, n) => {
        const v = values[n % values.length]!;
        return shown(v) ? at(angle, far(v)) : [0, Number.NaN];
      }),
    );
  const [nx, ny] = at(degrees, radius + 8);
  return (
    <div
      class="dial"
      role="slider"
      tabIndex={0}
      aria-label={`direction of the step in ${dial.variable}, degrees from the gradient`}
      aria-valuemin={0}
      aria-valuemax={360 - step}
      aria-valuenow={degrees}
      aria-valuetext={`${degrees}° from the gradient: predicted ${short(predicted[k]!)}, actual ${short(actual[k]!)}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        turn(event);
      }}
      onPointerMove={turn}
      onKeyDown={press}
    >
      <svg
        class="rose-picture"
        width={size}
        height={size}
        viewBox={`${-size / 2} ${-size / 2} ${size} ${size}`}
        aria-hidden="true"
      >
        <circle class="ring" r={radius + 8} />
        {Array.from({ length: 12 }, (_, n) => {
          const [[x1, y1], [x2, y2]] = [at(30 * n, radius + 8), at(30 * n, radius + (n % 3 === 0 ? 0 : 4))];
          return <line key={n} class="line line-guide" x1={x1} y1={y1} x2={x2} y2={y2} />;
        })}
        <path class="rose up" d={rose(predicted, (v) => v >= 0)} />
        <path class="rose down" d={rose(predicted, (v) => v <= 0)} />
        <path class="rose happens" d={rose(actual, Number.isFinite)} />
        <line class="needle" x1="0" y1="0" x2={nx} y2={ny} />
        <circle class="knob" cx={nx} cy={ny} r="7" />
        {compass.map(([angle, word]) => {
          const [x, y] = at(angle, radius + 22);
          return (
            <text
              key={word}
              x={x}
              y={y + 4}
              text-anchor="middle"
              transform={angle % 180 === 0 ? undefined : `rotate(${angle} ${x} ${y})`}
            >
              {word}
            </text>
          );
        })}
      </svg>
    </div>
  );
}

const ends: ReadonlyMap<string, number> = new Map([
  ['Home', 0],
  ['End', 180],
]);
const compass = [
  [0, 'gradient'],
  [90, 'level'],
  [180, 'downhill'],
  [270, 'level '],
] as const;
