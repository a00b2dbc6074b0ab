/**
 * Lines as a docstring, at column 0. Text with backslashes, which this language has for left division, is a raw string;
 * text that holds three quotation marks escapes them instead.
 */
export function docstring(lines: readonly string[]): readonly string[] {
  const trimmed = [...lines];
  while (trimmed.at(-1) === '') trimmed.pop();
  const text = trimmed.join('\n');
  const triple = text.includes('"""');
  const inner = triple ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text;
  const open = !triple && text.includes('\\') ? 'r"""' : '"""';
  return trimmed.length === 1 && !/["\\]$/.test(inner)
    ? [`${open}${inner}"""`]
    : [...`${open}${inner}`.split('\n'), '"""'];
}
