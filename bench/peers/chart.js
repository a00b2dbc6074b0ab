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
  const figure = Plot.plot({
    document,
    width: 960,
    height: 90 + 26 * rows.length,
    marginLeft: 330,
    marginRight: 24,
    marginTop: 48,
    marginBottom: 44,
    style: { background: 'none', color: 'currentColor', fontFamily: 'system-ui, sans-serif', fontSize: '12px' },
    x: {
      type: 'log',
      label: 'times as fast as the peer →',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (x) => `${x.toLocaleString('en-US')}×`,
      grid: true,
      ticks: 6,
    },
    y: { domain: rows, label: null, tickSize: 0 },
    fx: { domain: panels, label: null },
    color: { domain: families, range: families.map((name) => colours.get(name)) },
    marks: [
      Plot.ruleX([1], { stroke: 'currentColor', strokeOpacity: 0.6 }),
      Plot.tickX(aims, { fx: 'threads', x: 'factor', y: 'row', stroke: 'currentColor', strokeWidth: 2, inset: 4 }),
      Plot.dot(dots, { fx: 'threads', x: 'ratio', y: 'row', fill: 'peer', r: 5, fillOpacity: 0.9 }),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  figure.setAttribute('role', 'img');
  const title = document.createElement('title');
  title.textContent = 'How many times as fast as each peer';
  figure.prepend(title);
  const style = document.createElement('style');
  style.textContent = 'svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}';
  figure.append(style);
  figure.append(...legend(document, families));
  return `${figure.outerHTML.replaceAll('></circle>', '/>').replaceAll('></path>', '/>').replaceAll('></line>', '/>')}\n`;
}

/** Dots with names in one line at the top, and the tick that stands for an aim. */
function legend(document, families) {
  const group = document.createElement('g');
  let x = 8;
  const entry = (mark, text) => {
    group.insertAdjacentHTML('beforeend', `${mark}<text x="${x + 12}" y="18" fill="currentColor">${text}</text>`);
    x += 30 + 7 * text.length;
  };
  for (const name of families) entry(`<circle cx="${x}" cy="14" r="5" fill="${colours.get(name)}"></circle>`, name);
  entry(`<line x1="${x}" x2="${x}" y1="7" y2="21" stroke="currentColor" stroke-width="2"></line>`, 'aim');
  return [group];
}
