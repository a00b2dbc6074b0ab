import '../styles/figures.css';
import { signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { Graph, Interval, Tangent } from '../../../../src/api/index.ts';
import { type Tick, ticksOf } from './numbers.ts';
import { type Cell, type Look, type Place, projection, type Seen, sheet, sizeIn, under } from './projection.ts';
import { useWidth } from './width.ts';

interface SurfaceProps {
  readonly graph: Graph;
  readonly tangent: Tangent;
  readonly output: string;
  /** A step from the point: where it ends, what was predicted for its end, and what is there. */
  readonly trial:
    | { readonly to: readonly [number, number]; readonly predicted: number; readonly actual: number }
    | undefined;
  readonly onMove: (at: readonly [number, number]) => void;
  /** By parts of the window. */
  readonly onNudge: (by: readonly number[]) => void;
}

/** How one looks at all surfaces. */
export const look = signal<Look>({ turn: 28, tilt: 28 });
export const tilts: Interval = [5, 90];

const widest = 640;
const planeCells = 6;
/** The plane touches the surface: as far as this behind it, it shines through. */
const closeness = 0.3;
const keySteps: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowDown', [0, -1]],
  ['ArrowUp', [0, 1]],
]);

/** A surface with its tangent plane. Dragging on the surface moves the point, dragging beside it turns the picture. */
export function Surface({ graph, tangent, output, trial, onMove, onNudge }: SurfaceProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = Math.min(widest, useWidth(box));
  const height = Math.round(width * 0.62 + 70);
  const { turn, tilt } = look.value;
  const see = projection(look.value, sizeIn(width, height, tilt), [width * 0.53, height * 0.48]);
  const [xs, ys] = graph.grid as readonly [readonly number[], readonly number[]];
  const range = useMemo(() => around(graph.range, tangent.value), [graph, tangent.value]);
  const scale = [spanOf(xs), spanOf(ys), range] as const;
  const inBox = (x: number, y: number, z: number): Place => [
    within(x, scale[0]),
    within(y, scale[1]),
    within(z, range),
  ];
  const cut = (z: number): number => Math.max(range[0], Math.min(range[1], z));
  const cells = useMemo(() => {
    const places = ys.flatMap((y, j) => xs.map((x, i) => inBox(x, y, cut(graph.heights[j * xs.length + i]!))));
    return sheet(places, xs.length, see);
  }, [graph, range, turn, tilt, width]);
  const plane = sheet(planePlaces(tangent, inBox), planeCells + 1, see);
  const drawn = [
    ...cells.map((cell) => ({ cell, depth: cell.depth, plane: false })),
    ...plane.map((cell) => ({ cell, depth: cell.depth - closeness, plane: true })),
  ].sort((a, b) => b.depth - a.depth);

  const [x, y] = tangent.coordinates.map((c) => c.at) as [number, number];
  const point = see(inBox(x, y, tangent.value));
  const moving = useRef<'point' | 'look' | undefined>(undefined);
  const placeOf = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): readonly [number, number] => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const follow = (at: readonly [number, number]): boolean => {
    const found = under(cells, ...at);
    if (found) onMove([along(xs, found[0]), along(ys, found[1])]);
    return found !== undefined;
  };
  const down = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const at = placeOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    const near = Math.hypot(at[0] - point.x, at[1] - point.y) < 16;
    moving.current = near || follow(at) ? 'point' : 'look';
  };
  const move = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }): void => {
    if (event.buttons === 0) return;
    if (moving.current === 'point') follow(placeOf(event));
    else if (moving.current === 'look') turnBy(event.movementX * 0.5, event.movementY * 0.4);
  };
  const key = (event: KeyboardEvent): void => {
    const by = keySteps.get(event.key);
    if (!by) return;
    event.preventDefault();
    onNudge(by.map((k) => k / 40));
  };
  const [a, b] = graph.labels as readonly [string, string];
  return (
    <div class="surface-place" ref={box} style={{ minHeight: `${height}px` }}>
      <svg
        class="surface"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        aria-label={`${output} over ${a} and ${b}, a surface with its tangent plane`}
        onPointerDown={down}
        onPointerMove={move}
      >
        <Frame see={see} scale={scale} labels={[a, b, output]} />
        {drawn.map(({ cell, plane: isPlane }, k) => (
          <path
            key={k}
            d={outline(cell)}
            class={isPlane ? 'plane' : 'sheet'}
            {...(isPlane ? { fill: undefined, stroke: undefined } : paint(cell))}
          />
        ))}
        {trial && <Trial see={see} inBox={inBox} from={[x, y, tangent.value]} trial={trial} />}
        <circle
          class="mark mark-point"
          cx={point.x}
          cy={point.y}
          r="7"
          role="slider"
          tabindex={0}
          aria-label={`the point, arrow keys move it along ${a} and ${b}`}
          aria-valuemin={xs[0]}
          aria-valuemax={xs.at(-1)}
          aria-valuenow={x}
          aria-valuetext={`${a} = ${x.toPrecision(3)}, ${b} = ${y.toPrecision(3)}: ${output} = ${tangent.value.toPrecision(4)}`}
          onKeyDown={key}
        />
      </svg>
    </div>
  );
}

export function turnBy(turn: number, tilt: number): void {
  const { value } = look;
  look.value = {
    turn: (((value.turn - turn) % 360) + 360) % 360,
    tilt: Math.max(tilts[0], Math.min(tilts[1], value.tilt + tilt)),
  };
}

const spanOf = (list: readonly number[]): Interval => [list[0]!, list.at(-1)!];
/** From −1 to 1. */
const within = (v: number, [low, high]: Interval): number => (2 * (v - low)) / (high - low) - 1;
/** A place between those of a list. */
const along = (list: readonly number[], k: number): number =>
  list[0]! + (k * (list.at(-1)! - list[0]!)) / (list.length - 1);
/** What is shown of the heights always holds the point. */
const around = ([low, high]: Interval, value: number): Interval => [Math.min(low, value), Math.max(high, value)];

function planePlaces({ patch, corners }: Tangent, inBox: (x: number, y: number, z: number) => Place): readonly Place[] {
  const [[x0, x1], [y0, y1]] = patch as readonly [Interval, Interval];
  const [a, b, c, d] = corners as readonly [number, number, number, number];
  return Array.from({ length: (planeCells + 1) ** 2 }, (_, k) => {
    const [s, t] = [(k % (planeCells + 1)) / planeCells, Math.floor(k / (planeCells + 1)) / planeCells];
    const z = (1 - t) * ((1 - s) * a + s * b) + t * ((1 - s) * c + s * d);
    return inBox(x0 + s * (x1 - x0), y0 + t * (y1 - y0), z);
  });
}

const outline = ({ corners }: Cell): string =>
  `${corners.map((p, k) => `${k === 0 ? 'M' : 'L'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('')}z`;

/** From low to high: blue, green, amber; they stand out on white and on black. */
const stops = [
  [43, 92, 190],
  [42, 157, 158],
  [240, 180, 76],
] as const;

function paint({ height, light }: Cell): { readonly fill: string; readonly stroke: string } {
  const t = Math.max(0, Math.min(1, height)) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(t));
  const shade = 0.72 + 0.36 * light;
  const channels = stops[k]!.map((v, c) => Math.min(255, Math.round(shade * (v + (t - k) * (stops[k + 1]![c]! - v)))));
  const fill = `rgb(${channels.join(' ')})`;
  return { fill, stroke: `rgb(${channels.map((v) => Math.round(v * 0.86)).join(' ')})` };
}

/** The step on the plane, and what really is at its end. */
function Trial({
  see,
  inBox,
  from,
  trial: { to, predicted, actual },
}: {
  readonly see: (place: Place) => Seen;
  readonly inBox: (x: number, y: number, z: number) => Place;
  readonly from: Place;
  readonly trial: NonNullable<SurfaceProps['trial']>;
}) {
  const [start, guess, truth] = [see(inBox(...from)), see(inBox(...to, predicted)), see(inBox(...to, actual))];
  return (
    <g class="trial">
      <line class="step" x1={start.x} y1={start.y} x2={guess.x} y2={guess.y} />
      <line class="gap" x1={guess.x} y1={guess.y} x2={truth.x} y2={truth.y} />
      <circle class="guess" cx={guess.x} cy={guess.y} r="4" />
      <circle class="truth" cx={truth.x} cy={truth.y} r="4" />
    </g>
  );
}

/** Where an upright may stand. */
const uprights: readonly Place[] = [
  [-1, -1, -1],
  [1, -1, -1],
  [1, 1, -1],
  [-1, 1, -1],
];

/** The floor, its two near edges with their numbers, and the upright on the left. */
function Frame({
  see,
  scale,
  labels,
}: {
  readonly see: (place: Place) => Seen;
  readonly scale: readonly [Interval, Interval, Interval];
  readonly labels: readonly [string, string, string];
}) {
  const corner = (x: number, y: number, z = -1): Seen => see([x, y, z]);
  const floor = uprights.map(see);
  const middle = see([0, 0, -1]);
  const near = (axis: 0 | 1): 1 | -1 => {
    const at = (side: number): Seen => (axis === 0 ? corner(0, side) : corner(side, 0));
    return at(-1).depth < at(1).depth ? -1 : 1;
  };
  const upright = uprights.reduce((best, at) => (see(at).x < see(best).x ? at : best));
  const outward = (p: Seen, by: number): readonly [number, number] => {
    const length = Math.hypot(p.x - middle.x, p.y - middle.y) || 1;
    return [p.x + (by * (p.x - middle.x)) / length, p.y + (by * (p.y - middle.y)) / length];
  };
  const ticks = (axis: 0 | 1 | 2): readonly (Tick & { readonly place: Place })[] =>
    ticksOf(...scale[axis], 4).map((tick) => {
      const t = within(tick.at, scale[axis]);
      const place: Place = axis === 0 ? [t, near(0), -1] : axis === 1 ? [near(1), t, -1] : [upright[0], upright[1], t];
      return { ...tick, place };
    });
  const [foot, head] = [see(upright), see([upright[0], upright[1], 1])];
  return (
    <g class="frame3">
      <path class="floor" d={`${floor.map((p, k) => `${k === 0 ? 'M' : 'L'}${p.x} ${p.y}`).join('')}z`} />
      <line x1={foot.x} y1={foot.y} x2={head.x} y2={head.y} />
      {([0, 1] as const).map((axis) => (
        <g key={axis}>
          {ticks(axis).map(({ at, label, place }) => {
            const opposite: Place = axis === 0 ? [place[0], -place[1], -1] : [-place[0], place[1], -1];
            const [p, q] = [see(place), see(opposite)];
            const [tx, ty] = outward(p, 14);
            return (
              <g key={at}>
                <line class="grid-line" x1={p.x} y1={p.y} x2={q.x} y2={q.y} />
                <text x={tx} y={ty + 4} text-anchor="middle">
                  {label}
                </text>
              </g>
            );
          })}
          <AxisName at={outward(axis === 0 ? corner(0, near(0)) : corner(near(1), 0), 36)} name={labels[axis]} />
        </g>
      ))}
      {ticks(2).map(({ at, label, place }) => (
        <text key={at} x={see(place).x - 8} y={see(place).y + 4} text-anchor="end">
          {label}
        </text>
      ))}
      <text class="axis" x={head.x} y={head.y - 12} text-anchor="middle">
        {labels[2]}
      </text>
    </g>
  );
}

const AxisName = ({ at, name }: { readonly at: readonly [number, number]; readonly name: string }) => (
  <text class="axis" x={at[0]} y={at[1] + 4} text-anchor="middle">
    {name}
  </text>
);
