import {
  type Certificate,
  type Derivative,
  type Diagnostic,
  type NdArray,
  type ParsedProgram,
  toNested,
} from '../../../src/api/index.ts';

/** A value by its shape, where there is one. */
export const valueJson = (value: NdArray | undefined) => (value ? { value: toNested(value) } : {});

const certificateJson = ({ status, worst, checks, reason }: Certificate) => ({
  status,
  worst,
  checks,
  ...(reason === undefined ? {} : { reason }),
});

export interface Numbers {
  readonly output: NdArray;
  readonly value: NdArray;
}

/** What `derive` and `batch` say of a derivative; numbers only where a point was given. */
export function derivativeJson(d: Derivative, warnings: readonly Diagnostic[], numbers?: Numbers) {
  const { condensed } = d;
  return {
    output: {
      ...(d.output.name === undefined ? {} : { name: d.output.name }),
      shape: numbers?.output.shape ?? d.output.shape,
      ...valueJson(numbers?.output),
    },
    derivative: {
      wrt: d.wrt,
      shape: numbers?.value.shape ?? d.shape,
      axes: d.axes,
      layout: d.layout,
      ...valueJson(numbers?.value),
      text: d.text,
      latex: d.latex,
      matrixForm: d.matrixForm,
      ...(d.convention ? { convention: d.convention.name } : {}),
      ...(d.reason === undefined ? {} : { reason: d.reason }),
      ...(d.kronecker === undefined ? {} : { kronecker: d.kronecker }),
      condensed: {
        cores: condensed.cores,
        deltas: condensed.deltas,
        terms: condensed.terms,
        rule: condensed.rule,
        storage: condensed.storage,
        smaller: condensed.smaller,
      },
    },
    certificate: certificateJson(d.certificate),
    warnings,
  };
}

/** How the program was understood. */
export const programJson = ({ source, analysis }: ParsedProgram) => ({
  source,
  names: [...analysis.names.values()].map(({ name, role, type, shape, properties, inferred, reason }) => ({
    name,
    role,
    ...(role === 'function' ? { function: shape } : { shape: type.axes }),
    ...(type.row ? { row: true } : {}),
    properties,
    inferred,
    ...(reason === undefined ? {} : { reason }),
  })),
});

export const distinct = (list: readonly Diagnostic[]): Diagnostic[] => [
  ...new Map(list.map((d) => [`${d.code} ${d.message}`, d])).values(),
];
