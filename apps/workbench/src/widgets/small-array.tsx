import '../styles/small-array.css';
import type { NdArray } from '../../../../src/api/index.ts';
import { short } from './numbers.ts';

/** Arrays of more entries are only described. */
const most = 48;

/** `x = [1 2]ᵀ` as people write it: a bracket around rows and columns; what has more axes is described. */
export function SmallArray({ name, value }: { readonly name?: string; readonly value: NdArray }) {
  const { shape, data } = value;
  const [rows, columns] = [shape[0] ?? 1, shape[1] ?? 1];
  return (
    <span class="small-array">
      {name !== undefined && `${name} = `}
      {shape.length === 0 ? (
        short(data[0]!)
      ) : shape.length > 2 || data.length > most ? (
        `an array of ${shape.join('×')}`
      ) : (
        <table class="bracket" aria-label={name ?? 'array'}>
          <tbody>
            {Array.from({ length: rows }, (_, i) => (
              <tr key={i}>
                {Array.from({ length: columns }, (__, j) => (
                  <td key={j}>{short(data[i * columns + j]!)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </span>
  );
}
