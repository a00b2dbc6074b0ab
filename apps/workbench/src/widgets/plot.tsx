import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import type { AlignedData, Options } from 'uplot';
import uPlot from 'uplot';

interface PlotProps {
  readonly label: string;
  readonly data: AlignedData;
  /** Everything but the size; a new object makes a new plot. */
  readonly options: Omit<Options, 'width' | 'height'>;
  readonly height: number;
  /** Called while one drags: the place on the horizontal axis. */
  readonly onDrag?: (x: number) => void;
}

/** A plot as wide as its place. */
export function Plot({ label, data, options, height, onDrag }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const drag = useRef(onDrag);
  drag.current = onDrag;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = place.current!;
    const made = new uPlot({ ...options, width: element.clientWidth, height }, latest.current, element);
    plot.current = made;
    const sized = new ResizeObserver(() => {
      if (element.clientWidth !== made.width) made.setSize({ width: element.clientWidth, height });
    });
    sized.observe(element);
    const follow = (event: PointerEvent): void => {
      if (event.buttons === 0 || !drag.current) return;
      const x = made.posToVal(event.clientX - made.over.getBoundingClientRect().left, 'x');
      drag.current(x);
    };
    made.over.addEventListener('pointerdown', follow);
    made.over.addEventListener('pointermove', follow);
    return () => {
      sized.disconnect();
      made.destroy();
    };
  }, [options, height]);
  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);
  return <div class={onDrag ? 'plot plot-drag' : 'plot'} role="img" aria-label={label} ref={place} />;
}
