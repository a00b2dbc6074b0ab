import '../styles/figures.css';
import { useId, useRef } from 'preact/hooks';
import type { Tick } from './numbers.ts';
import { useWidth } from './width.ts';

export interface ChartAxis {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly Tick[];
}
export type ChartPoint = readonly [x: number, y: number];
export interface ChartLine {
  /** How it looks: a class of the style sheet. */
  readonly kind: 'first' | 'second' | 'guide' | 'miss';
  /** What it is, for the key; without a name it is not listed. */
  readonly name?: string;
  /** The line breaks where a height is not finite. */
  readonly points: readonly ChartPoint[];
}
export interface ChartMark {
  readonly at: ChartPoint;
  readonly kind: 'point' | 'dot' | 'hollow' | 'trial';
}
interface ChartProps {
  readonly label: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly lines: readonly ChartLine[];
  readonly marks?: readonly ChartMark[];
  readonly height: number;
  /** Called while one drags: the place on the horizontal axis. */
  readonly onDrag?: (x: number) => void;
}

const edge = { left: 58, right: 20, top: 30, bottom: 44 } as const;
const widest = 720;
const radii = { point: 7, dot: 3.5, hollow: 3.5, trial: 5 } as const;

/** Lines over two axes, as wide as their place. */
export function Chart({ label, x, y, lines, marks = [], height, onDrag }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const clip = useId();
  const width = Math.min(widest, useWidth(place));
  const [right, bottom] = [width - edge.right, height - edge.bottom];
  const atX = (v: number): number => edge.left + ((v - x.low) / (x.high - x.low)) * (right - edge.left);
  const atY = (v: number): number => bottom - ((v - y.low) / (y.high - y.low)) * (bottom - edge.top);
  const drag = (event: PointerEvent & { readonly currentTarget: SVGRectElement }): void => {
    if (event.buttons === 0 || !onDrag) return;
    const box = event.currentTarget.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    onDrag(x.low + part * (x.high - x.low));
  };
  return (
    <div class="chart-place" ref={place} style={{ minHeight: `${height}px` }}>
      <svg class="chart" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <defs>
          <clipPath id={clip}>
            <rect x={edge.left} y={edge.top} width={right - edge.left} height={bottom - edge.top} />
          </clipPath>
        </defs>
        {y.ticks.map(({ at, label: text }) => (
          <g key={`y ${at}`} class="tick">
            <line x1={edge.left} x2={right} y1={atY(at)} y2={atY(at)} />
            <text x={edge.left - 7} y={atY(at) + 4} text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        {x.ticks.map(({ at, label: text }) => (
          <g key={`x ${at}`} class="tick">
            <line x1={atX(at)} x2={atX(at)} y1={edge.top} y2={bottom} />
            <text x={atX(at)} y={bottom + 17} text-anchor="middle">
              {text}
            </text>
          </g>
        ))}
        <text class="axis" x={(edge.left + right) / 2} y={height - 8} text-anchor="middle">
          {x.label}
        </text>
        <text class="axis" x={4} y={16}>
          {y.label}
        </text>
        <Key lines={lines} right={right} />
        <g clip-path={`url(#${clip})`}>
          {lines.map(({ kind, name, points }) => (
            <path
              key={`${kind} ${name}`}
              class={`line line-${kind}`}
              d={pathOf(points.map(([a, b]) => [atX(a), atY(b)]))}
            />
          ))}
          {marks.map(({ at: [a, b], kind }) => (
            <circle key={`${kind} ${a} ${b}`} class={`mark mark-${kind}`} cx={atX(a)} cy={atY(b)} r={radii[kind]} />
          ))}
        </g>
        <rect
          class={onDrag ? 'frame frame-drag' : 'frame'}
          x={edge.left}
          y={edge.top}
          width={right - edge.left}
          height={bottom - edge.top}
          onPointerDown={(event) => {
            if (onDrag) event.currentTarget.setPointerCapture(event.pointerId);
            drag(event);
          }}
          onPointerMove={drag}
        />
      </svg>
    </div>
  );
}

const letter = 7;

/** Names of the lines, from the right. */
function Key({ lines, right }: { readonly lines: readonly ChartLine[]; readonly right: number }) {
  let from = right;
  return (
    <g class="key">
      {lines
        .filter((line) => line.name !== undefined)
        .reverse()
        .map(({ kind, name }) => {
          from -= name!.length * letter + 34;
          return (
            <g key={name}>
              <path class={`line line-${kind}`} d={`M${from} 12h20`} />
              <text x={from + 26} y={16}>
                {name}
              </text>
            </g>
          );
        })}
    </g>
  );
}

/** A path through what is finite. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  let open = false;
  return points
    .map(([a, b]) => {
      if (!Number.isFinite(b)) {
        open = false;
        return '';
      }
      const step = `${open ? 'L' : 'M'}${a.toFixed(1)} ${b.toFixed(1)}`;
      open = true;
      return step;
    })
    .join('');
}
