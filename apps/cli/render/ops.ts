import type { FunctionRecord, Operations } from '../../../src/api/index.ts';
import { padTo, type Style, widthOf } from './style.ts';
import { wrapWords } from './wrap.ts';

const titles: Readonly<Record<FunctionRecord['family'], string>> = {
  elementwise: 'elementwise functions',
  reduction: 'reductions',
  vector: 'vectors',
  matrix: 'matrices',
  constant: 'constants',
  tensor: 'tensors and indices',
};

/** One line per function, by family; with `full`, all that is known of the few that were asked for. */
export function renderOperations(
  operators: Operations['operators'],
  functions: readonly FunctionRecord[],
  full: boolean,
  style: Style,
): string {
  if (full)
    return [...operators.map((o) => operatorCard(o, style)), ...functions.map((f) => functionCard(f, style))].join(
      '\n',
    );
  const sections = [
    section(
      'operators, tightest first',
      operators.map((o) => [o.symbol, o.rule]),
      style,
    ),
  ];
  for (const [family, title] of Object.entries(titles)) {
    const members = functions.filter((f) => f.family === family);
    if (members.length > 0)
      sections.push(
        section(
          title,
          members.map((f) => [f.name, f.rule]),
          style,
        ),
      );
  }
  return `\n${sections.join('\n')}\n  ${style.dim('wrt ops NAME tells more of one of them')}\n\n`;
}

function section(title: string, rows: readonly (readonly [string, string])[], style: Style): string {
  const width = Math.max(...rows.map(([name]) => widthOf(name))) + 2;
  const lines = rows.map(([name, rule]) => {
    const indent = ' '.repeat(width + 4);
    return `    ${style.bold(padTo(name, width))}${wrapWords(rule, style.columns - width - 4, indent)}`;
  });
  return `  ${style.dim(title)}\n${lines.join('\n')}\n`;
}

const labelWidth = 11;
function card(title: string, rows: readonly (readonly [string, readonly string[]])[], style: Style): string {
  const lines = rows
    .filter(([, texts]) => texts.length > 0)
    .map(([label, texts]) => {
      const indent = ' '.repeat(labelWidth + 2);
      const body = texts.map((text) => wrapWords(text, style.columns - labelWidth - 4, indent)).join(`\n${indent}`);
      return `  ${style.dim(padTo(label, labelWidth))}${body}`;
    });
  return `\n  ${style.bold(title)}\n\n${lines.join('\n')}\n`;
}

const operatorCard = (o: Operations['operators'][number], style: Style): string =>
  card(
    o.symbol,
    [
      ['meaning', [o.meaning]],
      ['shapes', o.shapes],
      ['rule', [o.rule]],
    ],
    style,
  );

const functionCard = (f: FunctionRecord, style: Style): string =>
  card(
    f.name,
    [
      ['usage', f.usage],
      ['rule', [f.rule]],
      ['domain', f.domain === undefined ? [] : [f.domain]],
      ['also', f.aliases && f.aliases.length > 0 ? [f.aliases.join(', ')] : []],
      ['about', [f.doc]],
    ],
    style,
  );
