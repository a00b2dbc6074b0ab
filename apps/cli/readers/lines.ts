export type Line = { readonly text: string } | { readonly problem: 'too long' | 'not UTF-8' };

const newline = 0x0a;

/**
 * Splits a stream of bytes into lines and holds no more than `most` bytes of one: the rest of a longer line is read past.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: Uint8Array[] = [];
  let length = 0;
  let tooLong = false;
  const take = (): Line => {
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const long = tooLong;
    parts = [];
    length = 0;
    tooLong = false;
    if (long) return { problem: 'too long' };
    try {
      return { text: decoder.decode(bytes) };
    } catch {
      return { problem: 'not UTF-8' };
    }
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(newline, from);
      const part = chunk.subarray(from, end < 0 ? chunk.length : end);
      length += part.length;
      tooLong ||= length > most;
      if (tooLong) parts = [];
      else if (part.length > 0) parts.push(part);
      if (end < 0) break;
      yield take();
      from = end + 1;
    }
  }
  if (length > 0) yield take();
}
