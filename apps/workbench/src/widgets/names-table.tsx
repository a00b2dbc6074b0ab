import type { AnalysedName } from '../engine/protocol.ts';

interface NamesTableProps {
  readonly names: readonly AnalysedName[];
  readonly wrt: readonly string[];
  /** Names that another view points at. */
  readonly lit: readonly string[];
  /** Called with the text of a declaration without its name: `m x n symmetric`. */
  readonly onDeclare: (name: string, text: string) => void;
  readonly onPick: (name: string) => void;
}

const declarable = (n: AnalysedName): boolean => n.role === 'input';

/** What is known of each name, and a field to say more; what was inferred is marked, with the reason. */
export function NamesTable({ names, wrt, lit, onDeclare, onPick }: NamesTableProps) {
  const shown = names.filter((n) => n.role !== 'size' && n.role !== 'index');
  if (shown.length === 0) return <p class="empty">Names appear here as you type.</p>;
  return (
    <table class="names">
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">shape and properties</th>
          <th scope="col">from</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((n) => (
          <tr key={n.name} class={`${n.inferred ? 'inferred' : ''}${lit.includes(n.name) ? ' lit' : ''}`}>
            <th scope="row">
              <button
                type="button"
                aria-pressed={wrt.includes(n.name)}
                disabled={n.role === 'function'}
                title={`differentiate by ${n.name}`}
                onClick={() => onPick(n.name)}
              >
                {n.name}
              </button>
            </th>
            <td>
              {declarable(n) ? (
                <input
                  aria-label={`shape of ${n.name}`}
                  value={[n.shape.replaceAll('×', ' x '), ...n.properties].join(' ')}
                  onChange={(event) => onDeclare(n.name, event.currentTarget.value)}
                />
              ) : (
                n.shape
              )}
            </td>
            <td>{n.role === 'assigned' ? 'assigned' : n.inferred ? (n.reason ?? 'inferred') : 'declared'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
