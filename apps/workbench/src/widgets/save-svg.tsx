import '../styles/figures.css';
import { type ComponentChildren, render, type VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { program } from '../state/store.ts';
import { svgFile } from './figure-svg.ts';

/** Hands a text to the browser as a file to keep. */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface SaveProps {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly text: string;
  readonly picture: () => SVGSVGElement | null | undefined;
}

/** A picture as a file. */
export function SaveSvg({ name, text, picture }: SaveProps) {
  const save = (): void => {
    const svg = picture();
    if (svg) saveFile(`wrt-${name}.svg`, svgFile(svg, text, program.value.source), 'image/svg+xml');
  };
  return (
    <button type="button" class="save" aria-label={`Save as SVG: ${text}`} onClick={save}>
      Save as SVG
    </button>
  );
}

/** A picture that the page itself does not show. */
export function drawnSvg(picture: VNode): SVGSVGElement | null {
  const host = document.createElement('div');
  render(picture, host);
  return host.querySelector('svg');
}

/** A picture with a button that saves it. */
export function Figure({
  name,
  text,
  children,
}: Omit<SaveProps, 'picture'> & { readonly children: ComponentChildren }) {
  const place = useRef<HTMLElement>(null);
  return (
    <figure class="figure" ref={place}>
      {children}
      <SaveSvg name={name} text={text} picture={() => place.current?.querySelector('svg')} />
    </figure>
  );
}
