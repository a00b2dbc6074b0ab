import { productText, type Size, sizeProduct } from '../shape/size.ts';
import type { DerivativeAxis, LawLines } from './types.ts';

const sizeText = (sizes: readonly Size[]): string => productText(sizeProduct(...sizes));

/** The size law and the axes law (concepts 4 and 20), stated for this derivative with its own sizes. */
export function laws(
  y: string,
  outputShape: readonly Size[],
  wrt: readonly string[],
  axes: readonly DerivativeAxis[],
): LawLines {
  const inputs = wrt.map((_, k) => axes.filter((a) => a.of === k).map((a) => a.size));
  const title =
    wrt.length === 1 ? `∂${y}/∂${wrt[0]}` : `∂${superscript(wrt.length)}${y}/${wrt.map((w) => `∂${w}`).join('')}`;
  const all = axes.map((a) => a.size);
  const total = sizeProduct(...all);
  const product = [outputShape, ...inputs].map(sizeText).join(' · ');
  const numeric = typeof total === 'number' || product !== productText(total) ? ` = ${productText(total)}` : '';
  return {
    size: `Size(${title}) = ${[`Size(${y})`, ...wrt.map((w) => `Size(${w})`)].join('·')} = ${product}${numeric}`,
    axes: `Axes(${title}) = ${[`Axes(${y})`, ...wrt.map((w) => `Axes(${w})`)].join(' + ')} = ${[outputShape, ...inputs].map((s) => s.length).join(' + ')} = ${axes.length}`,
  };
}

const superscript = (n: number): string => [...String(n)].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]).join('');
