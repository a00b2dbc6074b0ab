import { type Verdict as Judged, shapeText } from '../../../../src/api/index.ts';
import { Formula } from './formula.tsx';
import { SmallArray } from './small-array.tsx';

const marks: Readonly<Record<Judged['verdict'], string>> = { right: '✓', wrong: '✗', undecided: '?' };

interface VerdictProps {
  readonly of: Judged;
  /** Takes the corrected answer in the place of the user's. */
  readonly onUse: (answer: string) => void;
}

/** A verdict with what is wrong, where it is wrong, and the smallest example; the derivative stays hidden until asked for. */
export function Verdict({ of: judged, onUse }: VerdictProps) {
  const { verdict, words, finding, counterexample, derivative } = judged;
  const [first = '', ...rest] = words;
  const corrected = 'corrected' in finding ? finding.corrected : undefined;
  return (
    <div class={`verdict verdict-${verdict}`}>
      <h3>
        <span aria-hidden="true">{marks[verdict]}</span> <Said text={first} />
      </h3>
      {rest.map((sentence) => (
        <p key={sentence}>
          <Said text={sentence} />
        </p>
      ))}
      <Marked judged={judged} />
      {corrected !== undefined && (
        <button type="button" onClick={() => onUse(corrected)}>
          Use the corrected answer
        </button>
      )}
      {counterexample && <Example of={counterexample} judged={judged} />}
      <details open={verdict === 'right'}>
        <summary>The derivative</summary>
        <Formula display latex={`${derivative.symbol.latex} = ${derivative.value.latex}`} />
        <p class="note">
          {derivative.shape.length === 0 ? 'a number' : shapeText(derivative.shape)}, {derivative.layout} layout
        </p>
      </details>
    </div>
  );
}

/** Prose in which back quotes stand around what is written in the language. */
function Said({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, k) => (k % 2 === 1 ? <code key={part}>{part}</code> : part))}</>;
}

/** The answer with the part that is wrong marked in it. */
function Marked({ judged: { finding, answer } }: { readonly judged: Judged }) {
  const span = 'part' in finding ? finding.part?.span : undefined;
  if (!span || span.end > answer.text.length) return null;
  return (
    <p class="theirs">
      <code>
        {answer.text.slice(0, span.start)}
        <mark>{answer.text.slice(span.start, span.end)}</mark>
        {answer.text.slice(span.end)}
      </code>
    </p>
  );
}

type Counterexample = NonNullable<Judged['counterexample']>;

/** Six digits; all of them where two numbers would look the same otherwise. */
function figures(a: number, b: number): readonly [string, string] {
  const short = (value: number): string => String(Number(value.toPrecision(6)));
  return short(a) === short(b) ? [String(a), String(b)] : [short(a), short(b)];
}

/** The smallest point at which the two differ, and what each gives there. */
function Example({ of: example, judged }: { readonly of: Counterexample; readonly judged: Judged }) {
  const { sizes, values, standIns, entry } = example;
  const { shape, symbol } = judged.derivative;
  const [expected, found] = entry ? figures(entry.expected, entry.found) : ['', ''];
  const side = (formula: string | undefined, value: string): string =>
    formula === undefined || formula === value ? value : `${formula} = ${value}`;
  return (
    <section class="example" aria-label="An example">
      <h4>For example</h4>
      <div class="values">
        {sizes.map(([name, n]) => (
          <span key={name}>
            {name} = {n}
          </span>
        ))}
        {values.map(([name, value]) => (
          <SmallArray key={name} name={name} value={value} />
        ))}
      </div>
      {standIns.length > 0 && <p class="note">With a smooth function in place of {standIns.join(' and ')}.</p>}
      <table class="compared">
        <tbody>
          <tr>
            <th scope="row">expected</th>
            <td>
              {entry ? (
                <Formula
                  latex={`${shape.length === 0 ? symbol.latex : entry.partial.latex} = ${side(entry.formula?.latex, expected)}`}
                />
              ) : (
                <SmallArray value={example.derivative} />
              )}
            </td>
          </tr>
          <tr>
            <th scope="row">yours</th>
            <td>
              {entry ? (
                <Formula latex={side(entry.answerFormula?.latex, found)} />
              ) : (
                <SmallArray value={example.answer} />
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
