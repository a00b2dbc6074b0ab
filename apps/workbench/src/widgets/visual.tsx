import { signal } from '@preact/signals';
import { change, client, follow, program } from '../state/store.ts';
import { MathField } from './math-field.tsx';

const statements = follow('rewrite', undefined, () => ({ program: program.value }));
/** Why what stands in a field is not in the program yet. */
const trouble = signal<{ readonly field: number; readonly message: string } | undefined>(undefined);

/** The program's formulas as one sees them in print, each in a field; what is typed there becomes text of the program. */
export default function Visual() {
  const { value, errors } = statements.value;
  if (!value || errors.length > 0)
    return <p class="empty">{errors.length > 0 ? 'Formulas appear here once the text can be read.' : '…'}</p>;
  return (
    <section class="visual" aria-label="Formulas">
      {value.statements.map((statement, k) => (
        <div key={`${k} of ${value.statements.length}`}>
          <MathField
            label={`formula ${k + 1}`}
            latex={statement.latex}
            disabled={!statement.readable}
            onChange={(latex) => void enter(k, latex)}
          />
          {trouble.value?.field === k && <p class="hint">{trouble.value.message}</p>}
          {!statement.readable && <p class="hint">This one is edited as text.</p>}
        </div>
      ))}
      {value.statements.length === 0 && <p class="empty">Type a first formula in the editor.</p>}
    </section>
  );
}

/** Puts a formula in the place of its statement, in the plain language. */
async function enter(statement: number, latex: string): Promise<void> {
  if (latex.includes('\\placeholder')) {
    trouble.value = { field: statement, message: 'Fill in the empty box.' };
    return;
  }
  const asked = program.peek();
  const answer = await client.ask('enter', 'enter', { program: asked, statement, latex });
  if (!answer) return;
  trouble.value = answer.ok ? undefined : { field: statement, message: answer.errors[0]!.message };
  if (answer.ok && program.peek() === asked) change({ source: answer.value });
}
