import { AttributeProto_AttributeType as AttributeType, TensorProto_DataType as DataType } from 'onnx-buf';

/** The name of an array in the model. */
export type Ref = string;
export type EntryType = 'float64' | 'float32' | 'int64' | 'bool';

/** An attribute of a node: a whole number, a list of them, `{ float }`, or the type of entries. */
export type Attribute = number | readonly number[] | { readonly float: number } | { readonly type: EntryType };
export type Attributes = Readonly<Record<string, Attribute>>;

// The messages of the format, as far as they are used.

export interface GraphRecord {
  name: string;
  docString?: string;
  node: NodeRecord[];
  initializer?: TensorRecord[];
  input: ValueRecord[];
  output: ValueRecord[];
}
interface NodeRecord {
  opType: string;
  name: string;
  docString?: string;
  input: string[];
  output: string[];
  attribute: AttributeRecord[];
}
interface AttributeRecord {
  name: string;
  type: AttributeType;
  i?: bigint;
  f?: number;
  ints?: bigint[];
  g?: GraphRecord;
}
interface TensorRecord {
  name: string;
  dims: bigint[];
  dataType: DataType;
  rawData: Uint8Array<ArrayBuffer>;
}
type Dimension = { case: 'dimValue'; value: bigint } | { case: 'dimParam'; value: string };
export interface ValueRecord {
  name: string;
  docString?: string;
  type: { value: { case: 'tensorType'; value: { elemType: DataType; shape?: { dim: { value: Dimension }[] } } } };
}

/** What a loop carries from one turn to the next. */
export interface Carried {
  readonly value: Ref;
  readonly type: EntryType;
}

/** Writes the nodes of a model, one after the other. A node that is there already is not written again. */
export interface Graph {
  /** Adds a node with one output. */
  node(op: string, inputs: readonly Ref[], attributes?: Attributes): Ref;
  /** A scalar. */
  number(value: number, type: EntryType): Ref;
  /** A vector of whole numbers. */
  integers(values: readonly number[]): Ref;
  /**
   * Repeats `body` for the turns 0, 1, … `trips`-1 (a scalar int64), or while the scalar it gives as `again` is true.
   * Answers what is carried after the last turn.
   */
  loop(
    trips: Ref,
    carried: readonly Carried[],
    body: (turn: Ref, carried: readonly Ref[]) => { readonly next: readonly Ref[]; readonly again?: Ref },
  ): readonly Ref[];
  /** One of two values, only one of which is computed. */
  choose(condition: Ref, type: EntryType, yes: () => Ref, no: () => Ref): Ref;
  /** Adds nodes where all bodies see them, whatever body is being written. */
  outermost<T>(write: () => T): T;
  /** An input of the model; a spare one is left out when nothing reads it. */
  input(info: ValueRecord, spare?: 'spare'): Ref;
  /** Makes a value an output of the model, under this name. */
  output(value: Ref, info: ValueRecord): void;
  /** Says in the node that makes a value what it is. */
  describe(value: Ref, text: string): void;
  /** The graph, without the nodes, constants and spare inputs that no output needs. */
  finish(name: string): GraphRecord;
}

/** The nodes of the model itself, or of one body. */
interface Scope {
  readonly nodes: NodeRecord[];
  /** What was written already, by operation, inputs and attributes. */
  readonly known: Map<string, Ref>;
  readonly makers: Map<Ref, NodeRecord>;
}

export const dataTypes: Readonly<Record<EntryType, DataType>> = {
  float64: DataType.DOUBLE,
  float32: DataType.FLOAT,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** `reserved`: names that values of the model's own must not have. */
export function createGraph(reserved: ReadonlySet<string>): Graph {
  const initializers = new Map<string, TensorRecord>();
  const inputs: ValueRecord[] = [];
  const spares = new Set<Ref>();
  const outputs: ValueRecord[] = [];
  /** The names by which outputs are known outside. */
  const outside = new Map<Ref, string>();
  const root: Scope = { nodes: [], known: new Map(), makers: new Map() };
  let scopes: Scope[] = [root];
  let count = 0;

  const fresh = (): Ref => {
    let name: string;
    do name = `v${++count}`;
    while (reserved.has(name));
    return name;
  };
  const constant = (key: string, dims: readonly number[], type: EntryType, data: Uint8Array<ArrayBuffer>): Ref => {
    let found = initializers.get(key);
    if (!found) {
      found = { name: fresh(), dims: dims.map(BigInt), dataType: dataTypes[type], rawData: data };
      initializers.set(key, found);
    }
    return found.name;
  };

  const add = (op: string, names: readonly Ref[], attribute: AttributeRecord[], made: readonly Ref[]): void => {
    const scope = scopes.at(-1)!;
    const node: NodeRecord = {
      opType: op,
      name: `${op}_${made[0]}`,
      input: [...names],
      output: [...made],
      attribute,
    };
    scope.nodes.push(node);
    for (const name of made) scope.makers.set(name, node);
  };

  const node: Graph['node'] = (op, names, attributes = {}) => {
    const key = JSON.stringify([op, names, attributes]);
    for (const scope of scopes) {
      const found = scope.known.get(key);
      if (found !== undefined) return found;
    }
    const made = fresh();
    add(op, names, attributeList(attributes), [made]);
    scopes.at(-1)!.known.set(key, made);
    return made;
  };

  /** The nodes that `write` adds, as a body of its own. */
  const body = (bodyInputs: ValueRecord[], write: () => readonly Carried[]): GraphRecord => {
    scopes.push({ nodes: [], known: new Map(), makers: new Map() });
    // An output of a body is made by the body itself.
    const results = write().map(({ value, type }) => {
      const name = fresh();
      add('Identity', [value], [], [name]);
      return entries(name, type);
    });
    const { nodes } = scopes.pop()!;
    return { name: fresh(), node: nodes, input: bodyInputs, output: results };
  };

  return {
    node,
    number: (value, type) => constant(`${type} ${bitsOf(value)}`, [], type, bytesOf([value], type)),
    integers: (values) => constant(`list ${values.join()}`, [values.length], 'int64', bytesOf(values, 'int64')),
    loop(trips, carried, write) {
      const [turn, before] = [fresh(), fresh()];
      const names = carried.map(() => fresh());
      const graph = body(
        [scalar(turn, 'int64'), scalar(before, 'bool'), ...names.map((name, k) => entries(name, carried[k]!.type))],
        () => {
          const { next, again } = write(turn, names);
          return [
            { value: again ?? before, type: 'bool' },
            ...next.map((value, k) => ({ value, type: carried[k]!.type })),
          ];
        },
      );
      const made = carried.map(fresh);
      const start = constant('bool 1', [], 'bool', Uint8Array.of(1));
      add('Loop', [trips, start, ...carried.map((c) => c.value)], [graphAttribute('body', graph)], made);
      return made;
    },
    choose(condition, type, yes, no) {
      const made = fresh();
      const branches = (
        [
          ['then_branch', yes],
          ['else_branch', no],
        ] as const
      ).map(([name, write]) =>
        graphAttribute(
          name,
          body([], () => [{ value: write(), type }]),
        ),
      );
      add('If', [condition], branches, [made]);
      return made;
    },
    outermost(write) {
      const inner = scopes;
      scopes = [root];
      try {
        return write();
      } finally {
        scopes = inner;
      }
    },
    input(info, spare) {
      inputs.push(info);
      if (spare) spares.add(info.name);
      return info.name;
    },
    output(value, info) {
      outputs.push(info);
      if (root.makers.has(value) && !outside.has(value)) outside.set(value, info.name);
      else add('Identity', [value], [], [info.name]);
    },
    describe(value, text) {
      const maker = root.makers.get(value);
      if (maker && maker.docString === undefined) maker.docString = text;
    },
    finish(name) {
      const { nodes, needed } = reachable(root.nodes, outputs, outside);
      return {
        name,
        node: nodes,
        initializer: [...initializers.values()].filter((tensor) => needed.has(tensor.name)),
        input: inputs.filter(({ name }) => needed.has(name) || !spares.has(name)),
        output: outputs,
      };
    },
  };
}

/** The nodes that the outputs need, under the names by which those are known, and the names of all that they read. */
function reachable(nodes: readonly NodeRecord[], outputs: readonly ValueRecord[], outside: ReadonlyMap<Ref, string>) {
  const needed = new Set(outputs.map((output) => output.name));
  const kept: NodeRecord[] = [];
  const read = (node: NodeRecord): void => {
    for (const name of node.input) needed.add(name);
    for (const { g } of node.attribute) if (g) for (const inner of g.node) read(inner);
  };
  for (const node of nodes.map((n) => renamed(n, outside)).reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.push(node);
    read(node);
  }
  return { nodes: kept.reverse(), needed };
}

/** An array of entries of this type, of a shape that is not said. */
const entries = (name: string, type: EntryType): ValueRecord => ({
  name,
  type: { value: { case: 'tensorType', value: { elemType: dataTypes[type] } } },
});

const scalar = (name: string, type: EntryType): ValueRecord => ({
  name,
  type: { value: { case: 'tensorType', value: { elemType: dataTypes[type], shape: { dim: [] } } } },
});

/** The node with the outside names of outputs in its inputs and outputs, and in those of its bodies. */
function renamed(node: NodeRecord, names: ReadonlyMap<Ref, string>): NodeRecord {
  const of = (list: readonly string[]): string[] => list.map((name) => names.get(name) ?? name);
  const attribute = node.attribute.map((a) =>
    a.g ? { ...a, g: { ...a.g, node: a.g.node.map((n) => renamed(n, names)) } } : a,
  );
  return { ...node, input: of(node.input), output: of(node.output), attribute };
}

const graphAttribute = (name: string, g: GraphRecord): AttributeRecord => ({ name, type: AttributeType.GRAPH, g });

const attributeList = (attributes: Attributes): AttributeRecord[] =>
  Object.entries(attributes).map(([name, value]): AttributeRecord => {
    if (typeof value === 'number') return { name, type: AttributeType.INT, i: BigInt(value) };
    if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
    if ('type' in value) return { name, type: AttributeType.INT, i: BigInt(dataTypes[value.type]) };
    return { name, type: AttributeType.INTS, ints: value.map(BigInt) };
  });

const bits = new DataView(new ArrayBuffer(8));
/** -0 and 0 differ, and NaN is NaN. */
function bitsOf(value: number): string {
  bits.setFloat64(0, value);
  return bits.getBigUint64(0).toString(16);
}

/** Little-endian, as the format asks. */
function bytesOf(values: readonly number[], type: EntryType): Uint8Array<ArrayBuffer> {
  const size = type === 'float32' ? 4 : type === 'bool' ? 1 : 8;
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((value, k) => {
    if (type === 'float64') view.setFloat64(8 * k, value, true);
    else if (type === 'float32') view.setFloat32(4 * k, value, true);
    else if (type === 'int64') view.setBigInt64(8 * k, BigInt(value), true);
    else view.setUint8(k, value);
  });
  return new Uint8Array(view.buffer);
}
