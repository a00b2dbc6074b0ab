import { useEffect, useRef } from 'preact/hooks';
import { type NetworkView as Network, type Size, shapeText } from '../../../../src/api/index.ts';
import type { Pass } from '../views/network.tsx';
import { useReachable } from './reachable.ts';

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly kind: 'data' | 'value' | 'weight';
}
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

const [wide, high] = [92, 48];
const [across, rise] = [140, 92];

/** Where everything stands: the chain from left to right, weights and biases above and below it. */
function arrange(view: Network): { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] } {
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  let x = 0;
  const put = (name: string, kind: Box['kind'], dx = 0, dy = 0): void => {
    if (!boxes.some((box) => box.name === name)) boxes.push({ name, kind, x: x + dx, y: dy });
  };
  const { rows, output } = view;
  put(rows[0]!.layer.before, 'data');
  for (const { layer } of rows) {
    const { preactivation: z, activation: a, weight, bias, before, kind } = layer;
    x += across;
    put(z, 'value');
    put(weight, 'weight', 0, -rise);
    arrows.push({ from: before, to: z }, { from: weight, to: z });
    if (bias !== undefined) {
      put(bias, 'weight', 0, rise);
      arrows.push({ from: bias, to: z });
    }
    if (a !== undefined && a !== z) {
      x += across;
      put(a, 'value');
      arrows.push({ from: z, to: a, label: kind });
    }
  }
  if (!boxes.some((box) => box.name === output)) {
    x += across;
    put(output, 'value');
    arrows.push({ from: view.last, to: output, label: view.lossGiven ? 'loss' : 'some loss' });
  }
  return { boxes, arrows };
}

/** The network as a graph; links that the backward pass has gone through are drawn in its colour, with their derivative. */
export function NetworkGraph({ view, passed }: { readonly view: Network; readonly passed: readonly Pass[] }) {
  const { boxes, arrows } = arrange(view);
  const boxOf = (name: string): Box | undefined => boxes.find((box) => box.name === name);
  const done = new Map(passed.map((pass) => [pass.name, pass.product.symbol.unicode] as const));
  const current = passed.at(-1)?.name;
  const width = Math.max(...boxes.map((box) => box.x)) + wide + 16;
  const top = rise + 40;
  const place = useRef<HTMLDivElement>(null);
  useReachable(place, 'graph of the network');
  const left = current === undefined ? 0 : (boxOf(current)?.x ?? 0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // What the pass has come to is kept in sight.
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollTo({ left: left - (element.clientWidth - wide) / 2, behavior: calm ? 'instant' : 'smooth' });
  }, [left]);
  return (
    <div class="network-scroll" ref={place}>
      <svg
        class="network"
        viewBox={`-8 ${-top} ${width} ${2 * top + high}`}
        width={width}
        role="img"
        aria-label={`${view.rows.length} layers: ${boxes.map((box) => box.name).join(', ')}`}
      >
        <defs>
          <marker
            id="tip"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0 L8 4 L0 8 z" />
          </marker>
        </defs>
        {arrows.map(({ from, to, label }) => {
          const [a, b] = [boxOf(from), boxOf(to)];
          if (!a || !b) return null;
          const level = a.y === b.y;
          const below = a.y > b.y;
          const line = level
            ? { x1: a.x + wide, y1: a.y + high / 2, x2: b.x, y2: b.y + high / 2 }
            : { x1: a.x + wide / 2, y1: below ? a.y : a.y + high, x2: b.x + wide / 2, y2: below ? b.y + high : b.y };
          return (
            <g
              key={`${from} ${to}`}
              class={`arrow${done.has(from) ? ' back' : ''}${from === current ? ' current' : ''}`}
            >
              <line
                {...line}
                marker-end={done.has(from) ? undefined : 'url(#tip)'}
                marker-start={done.has(from) ? 'url(#tip)' : undefined}
              />
              {label && (
                <text x={(line.x1 + line.x2) / 2} y={line.y1 - 8}>
                  {label}
                </text>
              )}
            </g>
          );
        })}
        {boxes.map(({ name, x, y, kind }) => {
          const written = view.names.get(name);
          return (
            <g key={name} class={`box box-${kind}${name === current ? ' current' : ''}`}>
              <rect x={x} y={y} width={wide} height={high} rx="8" />
              <text x={x + wide / 2} y={y + 20}>
                {written?.unicode ?? name}
              </text>
              <text class="shape" x={x + wide / 2} y={y + 38}>
                {shapeWords(written?.shape)}
              </text>
              {done.has(name) && (
                <text
                  class={`derivative derivative-${kind}`}
                  x={x + wide / 2 + (kind === 'weight' ? 0 : 8)}
                  y={kind === 'weight' && y < 0 ? y - 8 : y + high + 18}
                >
                  {done.get(name)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

const shapeWords = (shape: readonly Size[] | undefined): string =>
  shape === undefined ? '' : shape.length === 0 ? 'number' : shapeText(shape);
