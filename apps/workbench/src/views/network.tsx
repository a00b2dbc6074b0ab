import '../styles/network.css';
import { signal } from '@preact/signals';
import { type NetworkView as Network, shapeText } from '../../../../src/api/index.ts';
import { follow, page, program } from '../state/store.ts';
import { Drawing } from '../widgets/drawing.tsx';
import { Formula } from '../widgets/formula.tsx';
import { NetworkGraph } from '../widgets/network-graph.tsx';

const network = follow('network', 'network', () => ({ program: program.value, layout: page.value.layout }));
/** How far the backward pass has come; 0 before it begins. */
const reached = signal(0);

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
function passes(view: Network): readonly Pass[] {
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

/** The layers of a network as a graph, and what comes back through them, link by link. */
export function NetworkView() {
  const { value, errors, pending } = network.value;
  return (
    <section class="view" aria-label="Network" aria-busy={pending}>
      {value && errors.length === 0 && <Walk view={value.data} />}
      {value && errors.length === 0 ? (
        <details class="more">
          <summary>All links and products in a table</summary>
          <Drawing of={network} empty="" />
        </details>
      ) : (
        <Drawing of={network} empty="Type a network first: layers that feed one another." />
      )}
    </section>
  );
}

function Walk({ view }: { readonly view: Network }) {
  const list = passes(view);
  const at = Math.min(reached.value, list.length);
  const pass = list[at - 1];
  const to = (next: number): void => {
    reached.value = Math.max(0, Math.min(next, list.length));
  };
  return (
    <>
      <NetworkGraph view={view} passed={list.slice(0, at)} />
      <div class="controls">
        <button type="button" disabled={at === 0} onClick={() => to(at - 1)}>
          Back
        </button>
        <button type="button" disabled={at === list.length} onClick={() => to(at + 1)}>
          {at === 0 ? 'Begin the backward pass' : 'Next link'}
        </button>
        <span class="note">
          {at} of {list.length}
        </span>
      </div>
      <div class="pass" aria-live="polite">
        {pass ? (
          <Passed pass={pass} />
        ) : (
          <p class="note">The forward pass: values run from the data to {view.output}.</p>
        )}
      </div>
    </>
  );
}

function Passed({ pass: { product, link } }: { readonly pass: Pass }) {
  const through = product.parts[0];
  return (
    <>
      {link && (
        <div>
          <p class="note">
            This link, {link.full.shape.length === 0 ? 'a number' : shapeText(link.full.shape)}; it acts as{' '}
            {link.product}
          </p>
          <Formula display latex={`${link.symbol.latex} = ${link.full.latex}`} />
        </div>
      )}
      <div>
        <p class="note">
          The product so far, {product.shape.length === 0 ? 'a number' : shapeText(product.shape)}
          {product.check.status === 'verified' && '; verified against differences'}
        </p>
        <Formula
          display
          latex={[product.symbol.latex, ...(through ? [through.factors.latex] : []), product.form.latex].join(' = ')}
        />
      </div>
    </>
  );
}
