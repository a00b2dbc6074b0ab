import '../styles/network.css';
import { signal } from '@preact/signals';
import { type NdArray, type NetworkView as Network, shapeText } from '../../../../src/api/index.ts';
import { follow, lit, page, program, setting } from '../state/store.ts';
import { arrayWords } from '../widgets/cells.tsx';
import { Drawing } from '../widgets/drawing.tsx';
import { Formula } from '../widgets/formula.tsx';
import { NetworkGraph, shapeWords } from '../widgets/network-graph.tsx';
import { PointSection } from '../widgets/point.tsx';
import { Figure } from '../widgets/save-svg.tsx';
import { SmallArray } from '../widgets/small-array.tsx';
import { type Pass, passes } from './network-passes.ts';

const network = follow('network', 'network', () => ({
  program: program.value,
  layout: page.value.layout,
  point: { seed: page.value.seed, values: page.value.values },
}));
const reached = setting('passed');

/** The layers of a network as a graph, and what comes back through them, link by link. */
export function NetworkView() {
  const { value, errors, pending } = network.value;
  return (
    <section class="view" aria-label="Network" aria-busy={pending}>
      {value && errors.length === 0 ? (
        <>
          <Walk view={value.data} />
          <PointSection values={value.point} />
          <details class="more">
            <summary>All links and products in a table</summary>
            <Drawing of={network} empty="" />
          </details>
        </>
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
  const passed = list.slice(0, at);
  const values = valuesOf(view);
  return (
    <>
      {!view.lossGiven && (
        <p class="note" role="note">
          The program gives no loss, so {view.output} is an unknown function of {view.names.get(view.last)?.unicode}.
          Formulas hold for any; numbers of derivatives come from a stand-in.
        </p>
      )}
      <Figure name="network" text={`network of ${view.output}`}>
        <NetworkGraph view={view} passed={passed} values={values} onLook={look} />
      </Figure>
      <Looked view={view} passed={passed} values={values} />
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

/** The name that one points at. */
const looked = signal<string | undefined>(undefined);
function look(name: string | undefined): void {
  looked.value = name;
  lit.value = name === undefined ? [] : [name];
}

/** Values of the names at the point; those that an unknown loss would give are nobody's. */
function valuesOf({ point, lossGiven, output }: Network): ReadonlyMap<string, NdArray> {
  return new Map([...(point?.values ?? [])].filter(([name]) => lossGiven || name !== output));
}

interface LookedProps {
  readonly view: Network;
  readonly passed: readonly Pass[];
  readonly values: ReadonlyMap<string, NdArray>;
}

/** The numbers of the box that one points at. Its height stays, so that nothing jumps. */
function Looked({ view, passed, values }: LookedProps) {
  const name = looked.value;
  const value = name === undefined ? undefined : values.get(name);
  const product = passed.find((pass) => pass.name === name)?.product;
  return (
    <>
      <div class="looked">
        {name === undefined ? (
          <p class="empty">Point at a box, or go from one to the next by the arrow keys, to see its numbers.</p>
        ) : (
          <>
            {value && <SmallArray name={view.names.get(name)?.unicode ?? name} value={value} />}
            {product?.value && <SmallArray name={product.symbol.unicode} value={product.value} />}
          </>
        )}
      </div>
      <details class="more">
        <summary>Values at the point, as a table</summary>
        <ValuesByName view={view} passed={passed} values={values} />
      </details>
    </>
  );
}

function ValuesByName({ view, passed, values }: LookedProps) {
  const products = new Map(passed.map((pass) => [pass.name, pass.product] as const));
  return (
    <table class="by-name">
      <thead>
        <tr>
          {['name', 'shape', 'value', 'derivative so far'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...view.names].map(([name, { unicode, shape }]) => {
          const value = values.get(name);
          const gradient = products.get(name)?.value;
          return (
            <tr key={name}>
              <th scope="row">{unicode}</th>
              <td>{shapeWords(shape)}</td>
              <td>{value ? arrayWords(value) : ''}</td>
              <td>{gradient ? arrayWords(gradient) : ''}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
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
