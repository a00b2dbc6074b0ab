import { useEffect, useRef, useState } from 'preact/hooks';
import { type NdArray, type NetworkView as Network, type Size, shapeText } from '../../../../src/api/index.ts';
import type { Pass } from '../views/network-passes.ts';
import { arrayWords, Cells } from './cells.tsx';
import { type Arrow, arrange, type Box, high, rise, wide } from './network-layout.ts';
import { useReachable } from './reachable.ts';

interface NetworkGraphProps {
  readonly view: Network;
  /** The links that the backward pass has gone through. */
  readonly passed: readonly Pass[];
  /** Values at the point, by name. */
  readonly values: ReadonlyMap<string, NdArray>;
  /** Called with the box that one points at. */
  readonly onLook: (name: string | undefined) => void;
}

/** The network as a graph; links that the backward pass has gone through are drawn in its colour, with their derivative. */
export function NetworkGraph({ view, passed, values, onLook }: NetworkGraphProps) {
  const { boxes, arrows } = arrange(view);
  const boxOf = (name: string): Box | undefined => boxes.find((box) => box.name === name);
  const done = new Map(passed.map((pass) => [pass.name, pass.product] as const));
  const current = passed.at(-1)?.name;
  const width = Math.max(...boxes.map((box) => box.x)) + wide + 16;
  const top = rise + 62;
  const place = useRef<HTMLDivElement>(null);
  useReachable(place, 'graph of the network');
  const [focused, setFocused] = useState(boxes[0]?.name);
  // One box can be reached by Tab, the others by arrow keys.
  const reached = boxOf(focused ?? '') ? focused : boxes[0]?.name;
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = [...(place.current?.querySelectorAll<SVGElement>('.touch') ?? [])];
    all[all.indexOf(event.target as SVGElement) + by]?.focus();
  };
  const left = current === undefined ? 0 : (boxOf(current)?.x ?? 0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // What the pass has come to is kept in sight.
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const scale = (element.querySelector('svg')?.clientWidth ?? width) / width;
    element.scrollTo({
      left: scale * (left + wide / 2) - element.clientWidth / 2,
      behavior: calm ? 'instant' : 'smooth',
    });
  }, [left, width]);
  return (
    <div class="network-scroll" ref={place} style={{ '--natural-width': `${width}px` }}>
      <div
        role="tree"
        aria-label={`${view.rows.length} layers, from the data to ${view.output}`}
        onKeyDown={move}
        onPointerLeave={() => onLook(undefined)}
      >
        <svg class="network" viewBox={`-8 ${-top} ${width} ${2 * top + high}`} width={width} role="presentation">
          <defs>
            {(['ahead', 'back'] as const).map((way) => (
              <marker
                key={way}
                id={`tip-${way}`}
                class={`tip-${way}`}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto-start-reverse"
              >
                <path d="M0 0 L8 4 L0 8 z" />
              </marker>
            ))}
          </defs>
          {arrows.map((arrow) => (
            <Link
              key={`${arrow.from} ${arrow.to}`}
              arrow={arrow}
              ends={[boxOf(arrow.from), boxOf(arrow.to)]}
              isBack={done.has(arrow.from)}
              isCurrent={arrow.from === current}
            />
          ))}
          {boxes.map(({ name, x, y, kind }) => {
            const written = view.names.get(name);
            const value = values.get(name);
            const product = done.get(name);
            const shape = shapeWords(written?.shape);
            const above = kind === 'weight' && y < 0;
            const words = [
              `${name}, ${shape}`,
              ...(value ? [`value ${arrayWords(value)}`] : []),
              ...(product ? [`${product.symbol.unicode} ${product.value ? arrayWords(product.value) : ''}`] : []),
            ];
            return (
              <g key={name} class={`box box-${kind}${name === current ? ' current' : ''}`}>
                <rect class="outline" x={x} y={y} width={wide} height={high} rx="8" />
                <text x={x + wide / 2} y={y + 19}>
                  {written?.unicode ?? name}
                </text>
                <text class="shape" x={x + wide / 2} y={y + 35}>
                  {shape}
                </text>
                {value && <Cells value={value} x={x + 6} y={y + 41} width={wide - 12} height={26} />}
                {product && (
                  <g class={`derivative derivative-${kind}`}>
                    <text x={x + wide / 2 + (kind === 'weight' ? 0 : 8)} y={above ? y - 8 : y + high + 18}>
                      {product.symbol.unicode}
                    </text>
                    {product.value && (
                      <Cells
                        value={product.value}
                        x={kind === 'weight' ? x + 6 : x + wide / 2 + 6}
                        y={above ? y - 50 : y + high + 23}
                        width={wide - 12}
                        height={26}
                      />
                    )}
                  </g>
                )}
                <rect
                  class="touch"
                  x={x}
                  y={y}
                  width={wide}
                  height={high}
                  rx="8"
                  role="treeitem"
                  tabindex={name === reached ? 0 : -1}
                  aria-label={words.join('; ')}
                  onFocus={() => {
                    setFocused(name);
                    onLook(name);
                  }}
                  onBlur={() => onLook(undefined)}
                  onPointerEnter={() => onLook(name)}
                />
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}

function Link({
  arrow: { label },
  ends: [a, b],
  isBack,
  isCurrent,
}: {
  readonly arrow: Arrow;
  readonly ends: readonly [Box | undefined, Box | undefined];
  readonly isBack: boolean;
  readonly isCurrent: boolean;
}) {
  if (!a || !b) return null;
  const below = a.y > b.y;
  const line =
    a.y === b.y
      ? { x1: a.x + wide, y1: a.y + high / 2, x2: b.x, y2: b.y + high / 2 }
      : { x1: a.x + wide / 2, y1: below ? a.y : a.y + high, x2: b.x + wide / 2, y2: below ? b.y + high : b.y };
  return (
    <g class={`arrow${isBack ? ' back' : ''}${isCurrent ? ' current' : ''}`}>
      <line {...line} {...(isBack ? { 'marker-start': 'url(#tip-back)' } : { 'marker-end': 'url(#tip-ahead)' })} />
      {label && (
        <text x={(line.x1 + line.x2) / 2} y={line.y1 - 8}>
          {label}
        </text>
      )}
    </g>
  );
}

export const shapeWords = (shape: readonly Size[] | undefined): string =>
  shape === undefined ? '' : shape.length === 0 ? 'number' : shapeText(shape);
