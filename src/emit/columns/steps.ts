import type { GatherStep, ScatterStep, Step, StructureStep, ValueId } from '../../plan/plan.ts';
import type { ColumnContext } from './context.ts';
import type { Col } from './language.ts';
import { mapCode, unknownCode } from './map.ts';
import { gatherCode, reshapeCode, structureCode } from './move.ts';
import { callCode, gramCode, matmulCode, scaled } from './product.ts';

/** What each target says in a way of its own: entries at positions that depend on one another. */
export interface EntryPrinters {
  gather(step: GatherStep, c: ColumnContext): Col;
  scatter(step: ScatterStep, id: ValueId, c: ColumnContext): Col;
  /** δ of three axes or more. */
  delta(step: StructureStep, id: ValueId, c: ColumnContext): Col;
}

/** The expression of a step; what needs statements pushes them first. */
export function stepCode(step: Step, id: ValueId, c: ColumnContext, entries: EntryPrinters): Col {
  switch (step.kind) {
    case 'input':
      return c.code(id);
    case 'number':
      return c.language.number(step.value);
    case 'structure':
      return structureCode(step, c) ?? entries.delta(step, id, c);
    case 'gather':
      return gatherCode(step, c) ?? entries.gather(step, c);
    case 'scatter':
      return step.shape.length === 0 ? sumCode(step, c) : (diagonalCode(step, c) ?? entries.scatter(step, id, c));
    case 'reshape':
      return reshapeCode(step, c);
    case 'map':
      return mapCode(step, c);
    case 'matmul':
      return matmulCode(step, c);
    case 'gram':
      return gramCode(step, c);
    case 'call':
      return callCode(step, c);
    case 'unknown':
      return unknownCode(step, c);
  }
}

/** Of numbers, base + scale·x is all there is. */
function sumCode(step: ScatterStep, c: ColumnContext): Col {
  const x = scaled(step.scale, c.code(step.x), c);
  return step.base === undefined ? x : c.language.infix('add', c.code(step.base), x);
}

/** A vector on the diagonal of a square array, on its own or added to another. */
function diagonalCode(step: ScatterStep, c: ColumnContext): Col | undefined {
  const [group] = step.axes;
  if (step.shape.length !== 2 || step.axes.length !== 1 || group!.length !== 2) return undefined;
  const { language: l } = c;
  const diagonal = l.diagonal(scaled(step.scale, c.code(step.x), c), c.sizes(step.shape)[0]!);
  return step.base === undefined ? diagonal : l.infix('add', c.code(step.base), diagonal);
}
