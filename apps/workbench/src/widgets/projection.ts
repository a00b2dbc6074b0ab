/** A place in the box that is drawn: every coordinate from −1 to 1, the third one up. */
export type Place = readonly [x: number, y: number, z: number];
/** Where it lies in the picture, and how far it is from the eye. */
export interface Seen {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}
/** In degrees: about the vertical, and above the floor. */
export interface Look {
  readonly turn: number;
  readonly tilt: number;
}

/** How high the box is, measured by its sides. */
const tall = 0.62;

/** Parallel projection: nothing that is far away shrinks, so that slopes can be compared. */
export function projection({ turn, tilt }: Look, size: number, centre: readonly [number, number]) {
  const [c, s] = [Math.cos(radians(turn)), Math.sin(radians(turn))];
  const [level, rise] = [Math.cos(radians(tilt)), Math.sin(radians(tilt))];
  return ([x, y, z]: Place): Seen => {
    const across = x * c - y * s;
    const away = x * s + y * c;
    return {
      x: centre[0] + size * across,
      y: centre[1] - size * (tall * z * level + away * rise),
      depth: away * level - tall * z * rise,
    };
  };
}

/** How large half a side may be, so that the box and the words about it fit however it is turned. */
export function sizeIn(width: number, height: number, tilt: number): number {
  const up = tall * Math.cos(radians(tilt)) + Math.SQRT2 * Math.sin(radians(tilt));
  return Math.min(width * 0.31, (height / 2 - 36) / up);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** A sheet of quadrilaterals over a grid; the first coordinate changes fastest. */
export interface Cell {
  readonly corners: readonly [Seen, Seen, Seen, Seen];
  readonly depth: number;
  /** From 0 at the floor to 1. */
  readonly height: number;
  /** How much light falls on it, from 0 to 1. */
  readonly light: number;
  /** Which cell of the grid it is. */
  readonly column: number;
  readonly row: number;
}

/** The cells of a sheet that have a height at every corner. */
export function sheet(places: readonly Place[], columns: number, see: (place: Place) => Seen): readonly Cell[] {
  const seen = places.map(see);
  const cells: Cell[] = [];
  for (let row = 0; (row + 1) * columns < places.length; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const first = row * columns + column;
      const around = [first, first + 1, first + 1 + columns, first + columns] as const;
      const corners = around.map((k) => seen[k]!) as unknown as Cell['corners'];
      if (!corners.every((p) => Number.isFinite(p.y))) continue;
      const mean = (of: (k: number) => number): number => around.reduce((sum, k) => sum + of(k), 0) / 4;
      cells.push({
        corners,
        depth: mean((k) => seen[k]!.depth),
        height: (mean((k) => places[k]![2]) + 1) / 2,
        light: lightOn(around.map((k) => places[k]!) as unknown as readonly [Place, Place, Place, Place]),
        column,
        row,
      });
    }
  return cells;
}

/** Where the light comes from: left, front, above. */
const lamp: Place = [-0.48, -0.36, 0.8];

function lightOn([a, b, c, d]: readonly [Place, Place, Place, Place]): number {
  const [u, v] = [minus(c, a), minus(d, b)];
  const normal: Place = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.hypot(...normal) || 1;
  return Math.abs(normal[0] * lamp[0] + normal[1] * lamp[1] + normal[2] * lamp[2]) / length;
}
const minus = (a: Place, b: Place): Place => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** The place on a sheet under a point of the picture, in cells from its first corner; the one nearest to the eye. */
export function under(
  cells: readonly Cell[],
  x: number,
  y: number,
): readonly [column: number, row: number] | undefined {
  let nearest = Number.POSITIVE_INFINITY;
  let found: readonly [number, number] | undefined;
  for (const { corners, column, row } of cells)
    for (const { ids, at } of halves) {
      const [a, b, c] = [corners[ids[0]!]!, corners[ids[1]!]!, corners[ids[2]!]!];
      const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
      const beta = ((x - a.x) * (c.y - a.y) - (c.x - a.x) * (y - a.y)) / area;
      const gamma = ((b.x - a.x) * (y - a.y) - (x - a.x) * (b.y - a.y)) / area;
      if (!(beta >= 0 && gamma >= 0 && beta + gamma <= 1)) continue;
      const depth = a.depth + beta * (b.depth - a.depth) + gamma * (c.depth - a.depth);
      if (depth >= nearest) continue;
      nearest = depth;
      const mix = (k: 0 | 1): number => at[0]![k] + beta * (at[1]![k] - at[0]![k]) + gamma * (at[2]![k] - at[0]![k]);
      found = [column + mix(0), row + mix(1)];
    }
  return found;
}

/** The two triangles of a cell: corners, and where these lie in the cell. */
const halves: readonly { readonly ids: readonly number[]; readonly at: readonly (readonly [number, number])[] }[] = [
  {
    ids: [0, 1, 2],
    at: [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  },
  {
    ids: [0, 2, 3],
    at: [
      [0, 0],
      [1, 1],
      [0, 1],
    ],
  },
];
