import type { Plan, ValueId } from '../../plan/plan.ts';
import { type Size, sizeSymbols } from '../../shape/size.ts';
import { blockCommentLines, quoted } from '../comments.ts';
import { documentation, sizesInAscii } from '../describe.ts';
import { coreNames, coresOf } from '../expansion.ts';
import type { Lines } from '../lines.ts';
import { liveValues } from '../live.ts';
import { factor } from '../loops/context.ts';
import type { Naming } from '../naming.ts';
import { placesOf } from '../places.ts';
import type { EmitRequest } from '../request.ts';
import { atom, type Code } from '../scalar.ts';
import { entriesOf, sizeText } from '../sizes.ts';
import { type CDialect, cLoops } from './language.ts';
import { type CContext, stepLines } from './steps.ts';
import { type Slot, type Storage, storageOf } from './storage.ts';

const width = 100;

/** The function of a request, the room that it needs, and the structures of its condensed outputs. */
export function functionLines(request: EmitRequest, naming: Naming, d: CDialect): readonly Lines[] {
  const { plan } = request;
  const storage = storageOf(plan);
  const c = contextOf(plan, naming, d, storage);
  const text = (s: Size): string => sizeText(s, naming.sizes);
  const parameters = [
    ...symbols(naming),
    ...plan.inputs.map(({ shape }, k) =>
      shape.length === 0 ? `${d.real} ${naming.inputs[k]}` : `const ${d.real} *restrict ${naming.inputs[k]}`,
    ),
    ...plan.functions.flatMap((f) => f.orders.map((o) => functionPointer(naming.fnOf(f.name, o), f.elementwise, d))),
    ...(plan.functions.length > 0 ? ['void *context'] : []),
    ...plan.outputs.map((output, k) =>
      output.form === 'dense'
        ? `${d.real} *restrict ${naming.outputs[k]}`
        : `const ${d.prefix}_${naming.outputs[k]} *${naming.outputs[k]}`,
    ),
    ...(storage.slots.length > 0 ? ['void *workspace'] : []),
  ];
  const room = workspaceText(storage.slots, text, d);
  const own = symbolNames(naming).join(', ');
  return [
    ...structures(plan, naming, d),
    ...(storage.slots.length === 0
      ? []
      : [
          [
            `/* Bytes of the workspace of ${naming.fn}. */`,
            `static inline size_t ${d.prefix}_workspace(${symbols(naming).join(', ') || 'void'})`,
            '{',
            [...unused(naming, room), `return ${room};`],
            '}',
          ],
        ]),
    [
      '/*',
      ...blockCommentLines(
        documentation(request, naming, width, plan.sizes, closing(plan, storage, d)).join('\n'),
        width,
      ).map((line) => (line === '' ? ' *' : ` * ${line}`)),
      ' */',
      ...signature(`static inline const char *${naming.fn}`, parameters),
      '{',
      [
        ...sizeChecks(plan, naming, storage),
        ...(storage.slots.length === 0
          ? []
          : [
              `${d.real} *const work = (${d.real} *)(workspace ? workspace : malloc(${d.prefix}_workspace(${own})));`,
              `if (!work) return ${quoted(`${naming.fn}: no memory for the workspace`)};`,
              ...pointers(plan, storage, c),
            ]),
        '',
        ...bodyLines(plan, c),
        ...copyLines(plan, storage, naming, c),
        '',
        ...(storage.slots.length === 0 ? [] : ['if (!workspace) free(work);']),
        'return NULL;',
      ],
      '}',
    ],
  ];
}

export const symbolNames = (naming: Naming): readonly string[] => [
  ...naming.sizes.values(),
  ...naming.indices.values(),
];
const symbols = (naming: Naming): readonly string[] => symbolNames(naming).map((name) => `size_t ${name}`);

/** A parameter that an expression does not use must say so. */
const unused = (naming: Naming, ...texts: readonly string[]): readonly string[] =>
  symbolNames(naming)
    .filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
    .map((name) => `(void)${name};`);

function closing(plan: Plan, storage: Storage, d: CDialect): readonly string[] {
  const lines = ['Arrays are row-major, and those of the results belong to the caller.'];
  if (plan.functions.length > 0) lines.push('Unknown functions get context as their last argument.');
  if (plan.outputs.some((output) => output.form === 'condensed'))
    lines.push(`The functions ${d.prefix}_expand_… write condensed results out, with all their zeros.`);
  if (storage.slots.length > 0) lines.push('Without a workspace (NULL) the function allocates one, and frees it.');
  return [...lines, 'Returns NULL, or what is wrong in a sentence.'];
}

const functionPointer = (name: string, elementwise: boolean, d: CDialect): string =>
  elementwise
    ? `${d.real} (*${name})(${d.real} x, void *context)`
    : `void (*${name})(const ${d.real} *x, ${d.real} *y, void *context)`;

/** Parameters in lines of at most 110 characters. */
export function signature(head: string, parameters: readonly string[]): readonly string[] {
  const lines = [`${head}(`];
  const list = parameters.length > 0 ? parameters : ['void'];
  list.forEach((parameter, k) => {
    const piece = k < list.length - 1 ? `${parameter}, ` : `${parameter})`;
    const line = lines.at(-1)!;
    if (line.length + piece.trimEnd().length > 110) {
      lines[lines.length - 1] = line.trimEnd();
      lines.push(`    ${piece}`);
    } else lines[lines.length - 1] = line + piece;
  });
  return lines;
}

function structures(plan: Plan, naming: Naming, d: CDialect): readonly Lines[] {
  return plan.outputs.flatMap((output, k): readonly Lines[] => {
    if (output.form === 'dense') return [];
    const names = coreNames(output);
    return [
      [
        `/* ${naming.outputs[k]}, ${sizesInAscii(output.shape, naming.sizes)}, condensed: arrays of the caller. */`,
        'typedef struct {',
        coresOf(output).map(
          (core, i) => `${d.real} *${names[i]}; /* ${sizesInAscii(plan.steps[core]!.shape, naming.sizes)} */`,
        ),
        `} ${d.prefix}_${naming.outputs[k]};`,
      ],
    ];
  });
}

function slotText(slot: Slot, text: (s: Size) => string): string {
  if (typeof slot.entries !== 'object') return text(slot.entries);
  const sum = slot.entries.sum.map(text).join(' + ');
  return slot.entries.times === 1 ? sum : `${slot.entries.times} * (${sum})`;
}

function workspaceText(slots: readonly Slot[], text: (s: Size) => string, d: CDialect): string {
  const sum = (integers: boolean): string => {
    const counts = new Map<string, number>();
    for (const slot of slots)
      if (slot.integers === integers) counts.set(slotText(slot, text), (counts.get(slotText(slot, text)) ?? 0) + 1);
    return [...counts].map(([entries, count]) => (count === 1 ? entries : `${count} * ${factor(entries)}`)).join(' + ');
  };
  const [reals, ints] = [sum(false), sum(true)];
  return [...(reals ? [`(${reals}) * sizeof(${d.real})`] : []), ...(ints ? [`(${ints}) * sizeof(int)`] : [])].join(
    ' + ',
  );
}

/** Sizes and positions that the arithmetic of BLAS and of addresses can hold. */
function sizeChecks(plan: Plan, naming: Naming, storage: Storage): Lines {
  const say = (words: string): string => `return ${quoted(`${naming.fn}: ${words}`)};`;
  const lines: string[] = [];
  for (const name of naming.sizes.values())
    lines.push(`if (${name} < 1 || ${name} > INT_MAX) ${say(`the size ${name} must be between 1 and INT_MAX`)}`);
  const products = new Set<Size>();
  for (const step of plan.steps)
    if (step.kind === 'matmul' || step.kind === 'gram') products.add(entriesOf(step.shape));
  for (const slot of storage.slots) if (typeof slot.entries !== 'object') products.add(slot.entries);
  for (const size of products) {
    const names = sizeSymbols(size).map((symbol) => naming.sizes.get(symbol)!);
    if (names.length < 2) continue;
    // As large as this, no dimension that is read as one and no offset in bytes overflows.
    const product = names.map((name) => `(double)${name}`).join(' * ');
    lines.push(`if (${product} > INT_MAX) ${say(`an array of ${names.join('*')} entries is too large for BLAS`)}`);
  }
  for (const { at, size } of placesOf(plan)) {
    if (typeof at === 'number' && typeof size === 'number') continue;
    const limit = sizeText(size, naming.sizes);
    if (typeof at === 'number') lines.push(`if (${limit} < ${at}) ${say(`position ${at} needs ${limit} >= ${at}`)}`);
    else {
      const name = naming.indices.get(at)!;
      lines.push(`if (${name} < 1 || ${name} > ${limit}) ${say(`the index ${name} must be between 1 and ${limit}`)}`);
    }
  }
  // A parameter that nothing reads would be a warning.
  return [...lines, ...unused(naming, ...lines)];
}

/** How values are written: by their names, outputs by their parameters. */
export function contextOf(plan: Plan, naming: Naming, d: CDialect, storage: Storage): CContext {
  const language = cLoops(d);
  const code = (id: ValueId): Code => {
    const step = plan.steps[id]!;
    if (step.kind === 'number') return language.number(step.value);
    const root = storage.root(id);
    if (root !== id) return code(root);
    const place = storage.place(id);
    if (place?.in !== 'output') return atom(naming.value(id));
    const output = plan.outputs[place.output]!;
    const name = naming.outputs[place.output]!;
    return atom(output.form === 'condensed' ? `${name}->${coreNames(output)[place.core!]}` : name);
  };
  const slotNames: string[] = [];
  plan.steps.forEach((_, id) => {
    const place = storage.root(id) === id ? storage.place(id) : undefined;
    if (place?.in === 'workspace') slotNames[place.slot] ??= naming.value(id);
  });
  storage.slots.forEach((slot, k) => {
    slotNames[k] ??= naming.local(slot.integers ? 'pivots' : 'room');
  });
  return { language, naming, plan, code, dialect: d, scratch: (id) => storage.scratch(id).map((k) => slotNames[k]!) };
}

/** The arrays of the workspace, one behind the other; integers come last. */
function pointers(plan: Plan, storage: Storage, c: CContext): Lines {
  const { naming, dialect } = c;
  const text = (s: Size): string => sizeText(s, naming.sizes);
  const first = new Map<number, ValueId>();
  const lines: string[] = [];
  const aliases: string[] = [];
  plan.steps.forEach((step, id) => {
    const place = storage.root(id) === id ? storage.place(id) : undefined;
    if (place?.in !== 'workspace') return;
    const owner = first.get(place.slot);
    if (owner === undefined) first.set(place.slot, id);
    else
      aliases.push(
        `${dialect.real} *const ${naming.value(id)} = ${naming.value(owner)}; /* ${sizesInAscii(step.shape, naming.sizes)}, in the room of ${naming.value(owner)} */`,
      );
  });
  let at = 'work';
  const scratchNames = new Map<number, string>();
  plan.steps.forEach((_, id) => {
    storage.scratch(id).forEach((slot, k) => {
      scratchNames.set(slot, c.scratch(id)[k]!);
    });
  });
  const place = (integers: boolean): void =>
    storage.slots.forEach((slot, k) => {
      if (slot.integers !== integers) return;
      const id = first.get(k);
      const name = id === undefined ? scratchNames.get(k)! : naming.value(id);
      const words = id === undefined ? 'for a routine' : sizesInAscii(plan.steps[id]!.shape, naming.sizes);
      lines.push(
        integers
          ? `int *const ${name} = (int *)(${at}); /* ${words} */`
          : `${dialect.real} *const ${name} = ${at}; /* ${words} */`,
      );
      at = `${name} + ${slotText(slot, text)}`;
    });
  place(false);
  place(true);
  return [...lines, ...aliases];
}

function bodyLines(plan: Plan, c: CContext): Lines {
  const live = liveValues(plan);
  const read = new Set(plan.steps.flatMap((step, id) => (step.kind === 'input' && live.has(id) ? [step.input] : [])));
  const called = new Set(
    plan.steps.flatMap((s, id) => (s.kind === 'unknown' && live.has(id) ? [c.naming.fnOf(s.fn, s.order)] : [])),
  );
  const functions = plan.functions.flatMap((f) => f.orders.map((order) => c.naming.fnOf(f.name, order)));
  // A parameter that nothing reads would be a warning.
  const silent = [
    ...c.naming.inputs.filter((_, k) => !read.has(plan.inputs[k]!.name)),
    ...functions.filter((name) => !called.has(name)),
    ...(functions.length > 0 && called.size === 0 ? ['context'] : []),
  ];
  return [
    ...silent.map((name) => `(void)${name};`),
    ...plan.steps.flatMap((step, id) => (live.has(id) ? stepLines(step, id, c) : [])),
  ];
}

/** Outputs that are numbers, inputs, or the same array as another output. */
function copyLines(plan: Plan, storage: Storage, naming: Naming, c: CContext): Lines {
  return storage.copies.map(({ output, core, value }) => {
    const { shape } = plan.steps[value]!;
    const o = plan.outputs[output]!;
    const name = naming.outputs[output]!;
    const target = o.form === 'condensed' ? `${name}->${coreNames(o)[core!]}` : name;
    if (shape.length === 0) return `*${target} = ${c.code(value).text};`;
    return `memcpy(${target}, ${c.code(value).text}, ${sizeText(entriesOf(shape), naming.sizes)} * sizeof *${target});`;
  });
}
