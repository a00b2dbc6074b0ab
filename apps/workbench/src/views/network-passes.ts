import type { NetworkView as Network } from '../../../../src/api/index.ts';

type Row = Network['rows'][number];
export interface Pass {
  readonly row: Row;
  /** The name that the derivative has come to. */
  readonly name: string;
  readonly product: Row['products']['preactivation'];
  /** The link that it came through; the loss itself has none. */
  readonly link?: Row['links']['weight'];
}

/** The backward pass in the order in which it is computed: from the last layer to the first. */
export function passes(view: Network): readonly Pass[] {
  const { rows } = view;
  return [...rows].reverse().flatMap((row): readonly Pass[] => {
    const { products, links, layer } = row;
    const next = rows[rows.indexOf(row) + 1];
    const pass = (name: string, product: Pass['product'] | undefined, link: Pass['link']): readonly Pass[] =>
      product ? [{ row, name, product, ...(link ? { link } : {}) }] : [];
    return [
      ...(layer.activation === undefined ? [] : pass(layer.activation, products.activation, next?.links.before)),
      ...pass(layer.preactivation, products.preactivation, links.activation ?? next?.links.before),
      ...pass(layer.weight, products.weight, links.weight),
      ...(layer.bias === undefined ? [] : pass(layer.bias, products.bias, links.bias)),
    ];
  });
}
