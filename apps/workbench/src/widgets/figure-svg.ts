/** What a picture looks like without a style sheet: these properties, where they differ from what SVG takes for granted. */
const usual: ReadonlyMap<string, string> = new Map([
  ['fill', 'rgb(0, 0, 0)'],
  ['fill-opacity', '1'],
  ['stroke', 'none'],
  ['stroke-opacity', '1'],
  ['stroke-width', '1px'],
  ['stroke-dasharray', 'none'],
  ['stroke-linecap', 'butt'],
  ['stroke-linejoin', 'miter'],
  ['opacity', '1'],
  ['font-size', ''],
  ['font-family', ''],
  ['font-weight', '400'],
  ['font-style', 'normal'],
  ['text-anchor', 'start'],
  ['dominant-baseline', 'auto'],
  ['image-rendering', 'auto'],
  ['display', ''],
]);
const ofText = new Set(['font-size', 'font-family', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline']);
/** What means something on the page alone. */
const ofPage = new Set(['class', 'style', 'tabindex', 'role', 'cursor']);
const space = 'http://www.w3.org/2000/svg';

/**
 * A picture of the page as a file of its own: colours and fonts written into it, on white, in the light colours whatever
 * the page wears, with a title and a description. It is built as a tree and serialised, so that names need no escaping.
 */
export function svgFile(picture: SVGSVGElement, title: string, description: string): string {
  const host = document.createElement('div');
  host.className = 'on-paper';
  host.style.cssText = 'position: absolute; left: -100000px; top: 0; width: 1000px';
  host.setAttribute('aria-hidden', 'true');
  const copy = picture.cloneNode(true) as SVGSVGElement;
  host.append(copy);
  document.body.append(host);
  try {
    settle(copy);
    frame(copy, title, description);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
  } finally {
    host.remove();
  }
}

function settle(svg: SVGSVGElement): void {
  const elements = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  // All styles are read before the first class goes.
  const styles = elements.map((element) => {
    const style = getComputedStyle(element);
    const drawn = isDrawn(element);
    const isText = element instanceof SVGTextContentElement;
    return [...usual].flatMap(([name, plain]): (readonly [string, string])[] => {
      const value = style.getPropertyValue(name);
      if (name === 'display') return value === 'none' ? [[name, value]] : [];
      if (!drawn || (ofText.has(name) && !isText)) return [];
      const written = name === 'fill' || name === 'stroke' ? plainColour(value) : value;
      return written === plain ? [] : [[name, written]];
    });
  });
  elements.forEach((element, k) => {
    for (const { name } of [...element.attributes])
      if (ofPage.has(name) || name.startsWith('aria-') || name.startsWith('data-')) element.removeAttribute(name);
    // What a group says would reach leaves that are as usual, and leaves say all themselves.
    for (const name of usual.keys()) element.removeAttribute(name);
    for (const [name, value] of styles[k]!) element.setAttribute(name, value);
  });
}

const isDrawn = (element: Element): boolean => element instanceof SVGGraphicsElement && !isGroup(element);
const isGroup = (element: Element): boolean => ['svg', 'g', 'defs', 'clipPath'].includes(element.localName);

/** Colours as every reader of SVG knows them. */
const known = new Map<string, string>();
function plainColour(colour: string): string {
  if (colour === 'none' || colour.startsWith('rgb') || colour.startsWith('url') || colour.startsWith('context'))
    return colour;
  const before = known.get(colour);
  if (before !== undefined) return before;
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  const made = a === 255 ? `rgb(${r}, ${g}, ${b})` : `rgba(${r}, ${g}, ${b}, ${(a! / 255).toFixed(3)})`;
  known.set(colour, made);
  return made;
}

function frame(svg: SVGSVGElement, title: string, description: string): void {
  const { x, y, width, height } = svg.viewBox.baseVal;
  svg.setAttribute('xmlns', space);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.setAttribute('role', 'img');
  for (const old of svg.querySelectorAll(':scope > title, :scope > desc')) old.remove();
  const made = (name: string, text = ''): SVGElement => {
    const element = document.createElementNS(space, name) as SVGElement;
    element.textContent = text;
    return element;
  };
  const paper = made('rect');
  for (const [name, value] of Object.entries({ x, y, width, height, fill: '#ffffff' }))
    paper.setAttribute(name, String(value));
  svg.prepend(made('title', title), made('desc', description), paper);
}
