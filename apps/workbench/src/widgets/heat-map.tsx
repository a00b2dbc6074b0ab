import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Heat } from '../engine/protocol.ts';
import { short } from './numbers.ts';
import { drawnSvg, SaveSvg } from './save-svg.tsx';

interface HeatMapProps {
  readonly heat: Heat;
  readonly title: string;
  /** Called with the row and the column of an entry, from 0. */
  readonly onChoose: (row: number, column: number) => void;
}

/** A large matrix as colours: blue below zero, orange above, paper at zero. Arrow keys move the mark. */
export function HeatMap({ heat, title, onChoose }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const { rows, columns, data } = heat;
  const { largest, zeros } = useMemo(() => extent(data), [data]);
  const side = Math.max(2, Math.floor(Math.min(40, 640 / columns, 480 / rows)));

  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const image = context.createImageData(columns, rows);
    data.forEach((value, k) => {
      image.data.set(colourOf(value, largest), 4 * k);
    });
    context.putImageData(image, 0, 0);
  }, [rows, columns, data, largest]);

  const choose = (row: number, column: number): void => {
    const next = [Math.max(0, Math.min(row, rows - 1)), Math.max(0, Math.min(column, columns - 1))] as const;
    if (next[0] === at[0] && next[1] === at[1]) return;
    setAt(next);
    onChoose(...next);
  };
  const point = (event: PointerEvent): void => {
    const box = canvas.current!.getBoundingClientRect();
    choose(
      Math.floor(((event.clientY - box.top) / box.height) * rows),
      Math.floor(((event.clientX - box.left) / box.width) * columns),
    );
  };
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    choose(at[0] + by[0]!, at[1] + by[1]!);
  };
  return (
    <figure class="heat">
      <div
        class="heat-box"
        role="slider"
        aria-label={`${title}: heat map of ${rows} by ${columns} entries, arrow keys move`}
        aria-valuemin={1}
        aria-valuemax={rows * columns}
        aria-valuenow={at[0] * columns + at[1] + 1}
        aria-valuetext={`row ${at[0] + 1}, column ${at[1] + 1}: ${short(data[at[0] * columns + at[1]] ?? Number.NaN)}`}
        tabIndex={0}
        onPointerDown={point}
        onPointerMove={point}
        onKeyDown={move}
        style={{ width: `${columns * side}px`, aspectRatio: `${columns} / ${rows}` }}
      >
        <canvas ref={canvas} width={columns} height={rows} />
        <span
          class="heat-mark"
          style={{
            left: `${(100 * at[1]) / columns}%`,
            top: `${(100 * at[0]) / rows}%`,
            width: `${100 / columns}%`,
            height: `${100 / rows}%`,
          }}
        />
      </div>
      <figcaption>
        {rows} × {columns}, entries up to {short(largest)} in size; {zeros} of {data.length} are zero
      </figcaption>
      <SaveSvg
        name="heat-map"
        text={`heat map of ${title}`}
        picture={() =>
          drawnSvg(<Pixels url={canvas.current!.toDataURL()} width={columns * side} height={rows * side} />)
        }
      />
    </figure>
  );
}

/** The colours as a picture in a file. */
const Pixels = ({ url, width, height }: { readonly url: string; readonly width: number; readonly height: number }) => (
  <svg viewBox={`-8 -8 ${width + 16} ${height + 16}`}>
    <title>heat map</title>
    <image href={url} width={width} height={height} image-rendering="pixelated" preserveAspectRatio="none" />
    <rect width={width} height={height} fill="none" stroke="#5a6172" />
  </svg>
);

const extent = (data: readonly number[]) => ({
  largest: data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0),
  zeros: data.filter((value) => value === 0).length,
});

/** Opaque towards the colour of the sign; what is not finite is grey. */
function colourOf(value: number, largest: number): readonly [number, number, number, number] {
  if (!Number.isFinite(value)) return [128, 128, 128, 255];
  const strength = largest === 0 ? 0 : Math.sqrt(Math.abs(value) / largest);
  return value < 0 ? [47, 111, 208, 255 * strength] : [214, 106, 20, 255 * strength];
}
