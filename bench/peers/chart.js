/** Draws the chart of docs/performance.md with Observable Plot, for light and dark pages. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

// Told apart also by those who see colours differently (Okabe and Ito), and on both backgrounds.
const colours = new Map([
  ['PyTorch', '#d55e00'],
  ['NumPy', '#0f86d0'],
  ['TF.js', '#cc79a7'],
  ['jax-js', '#009e73'],
  ['OpenBLAS', '#8a8f98'],
]);

export function drawChart({ rows, panels, dots, aims }) {
  const { document } = parseHTML('<html><body></body></html>');
  const families = [...colours.keys()].filter((name) => dots.some((d) => d.peer === name));
  const all = [...dots.map((d) => d.ratio), ...aims.map((a) => a.factor)];
  const from = Math.floor(Math.log10(Math.min(...all)));
  const to = Math.ceil(Math.log10(Math.max(...all)));
  const decades = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  const figure = Plot.plot({
    document,
    width: 960,
    height: 110 + 25 * rows.length,
    marginLeft: 190,
    marginRight: 20,
    marginTop: 52,
    marginBottom: 46,
    x: {
      type: 'log',
      domain: [decades[0], decades.at(-1)],
      ticks: decades,
      grid: true,
      label: 'times as fast as the peer',
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 38,
      tickFormat: factor,
    },
    y: { domain: rows, label: null, tickSize: 0 },
    fx: { domain: panels, label: null },
    color: { domain: families, range: families.map((name) => colours.get(name)) },
    marks: [
      Plot.ruleX([1], { stroke: 'currentColor', strokeOpacity: 0.7 }),
      Plot.tickX(aims, { fx: 'threads', x: 'factor', y: 'row', stroke: 'currentColor', strokeWidth: 2, inset: 4 }),
      Plot.dot(dots, { fx: 'threads', x: 'ratio', y: 'row', fill: 'peer', r: 5, fillOpacity: 0.9 }),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  figure.setAttribute('role', 'img');
  figure.removeAttribute('class');
  // Plot's own sheet is for pages; this picture stands alone, on whatever background.
  const style = figure.querySelector('style');
  style.textContent = `
svg { color: #1f2328; font: 12px system-ui, sans-serif; }
text { white-space: pre; fill: currentColor; }
@media (prefers-color-scheme: dark) { svg { color: #e6edf3; } }
`;
  figure.insertAdjacentHTML('afterbegin', '<title>How many times as fast as each peer</title>');
  figure.insertAdjacentHTML('beforeend', legend(families));
  return `${figure.outerHTML}\n`;
}

const factor = (x) => `${x >= 1e6 ? `${x / 1e6}M` : x >= 1e3 ? `${x / 1e3}k` : x}×`;

/** Dots with names in one line at the top, and the tick that stands for an aim. */
function legend(families) {
  let x = 196;
  const entry = (mark, text) => {
    const drawn = `${mark(x)}<text x="${x + 10}" y="18">${text}</text>`;
    x += 34 + 7 * text.length;
    return drawn;
  };
  const dots = families.map((name) =>
    entry((x) => `<circle cx="${x}" cy="14" r="5" fill="${colours.get(name)}"></circle>`, name),
  );
  const tick = entry(
    (x) => `<line x1="${x}" x2="${x}" y1="7" y2="21" stroke="currentColor" stroke-width="2"></line>`,
    'the aim',
  );
  return `<g aria-label="legend" text-anchor="start">${dots.join('')}${tick}</g>`;
}
