import type { Known } from '../state/store.ts';
import { fixOf } from './editor-extensions.ts';

interface ProblemsProps {
  readonly errors: Known<unknown>['errors'];
  readonly source: string;
  readonly onFix: (source: string) => void;
}

/** All errors in words, each with its hint; a hint that names the text to use is applied by its button. */
export function Problems({ errors, source, onFix }: ProblemsProps) {
  return (
    <ul class="problems" aria-live="polite">
      {errors.map((error) => {
        const fix = fixOf(error.hint);
        const { span } = error;
        return (
          <li key={`${error.code} ${error.message}`}>
            <span>{error.message}</span>
            {fix !== undefined && span ? (
              <button type="button" onClick={() => onFix(source.slice(0, span.start) + fix + source.slice(span.end))}>
                Use <code>{fix}</code>
              </button>
            ) : (
              error.hint && <span class="hint">{error.hint}</span>
            )}
            <code class="code">{error.code}</code>
          </li>
        );
      })}
    </ul>
  );
}
