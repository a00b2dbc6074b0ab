/**
 * A picture of what `wrt` prints on a terminal: node scripts/picture.mjs ARGUMENTS… > docs/images/NAME.svg
 * The command is kept in the picture's <desc>, so that a test can run it again.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const cli = fileURLToPath(new URL('../dist/apps/cli/main.js', import.meta.url));
const { stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1', NO_COLOR: '' },
});

const colours = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const quoted = (arg) => (/^[\w.,=/-]+$/.test(arg) ? arg : `"${arg.replace(/["\\$`]/g, '\\$&')}"`);

/** One line of text with colour codes as <tspan>s. */
function spans(line) {
  let look = {};
  let out = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  for (const part of line.split(/(\x1b\[\d+m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
    const code = /^\x1b\[(\d+)m$/.exec(part)?.[1];
    if (code === '1') look = { ...look, 'font-weight': 'bold', fill: '#ffffff' };
    else if (code === '2') look = { ...look, fill: '#8b949e' };
    else if (code in colours) look = { ...look, fill: colours[code] };
    else if (code) look = {};
    else if (part) {
      const attributes = Object.entries(look).map(([k, v]) => ` ${k}="${v}"`);
      out += attributes.length ? `<tspan${attributes.join('')}>${escaped(part)}</tspan>` : escaped(part);
    }
  }
  return out;
}

const command = `wrt ${args.map(quoted).join(' ')}`;
const lines = [`\x1b[36m$\x1b[39m ${command}`, ...(stdout + stderr).trimEnd().split('\n')];
const [charWidth, lineHeight, pad] = [8.43, 20, 18];
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
const columns = Math.max(...lines.map((l) => [...l.replace(/\x1b\[\d+m/g, '')].length));
const width = Math.ceil(columns * charWidth + 2 * pad);
const height = lines.length * lineHeight + 2 * pad;
console.log(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(command)}</title>
<desc>${escaped(JSON.stringify(args))}</desc>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3" xml:space="preserve">
${lines.map((l, i) => `<text x="${pad}" y="${pad + 14 + i * lineHeight}" style="white-space:pre">${spans(l)}</text>`).join('\n')}
</g>
</svg>`);
