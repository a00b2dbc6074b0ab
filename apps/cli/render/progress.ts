export interface Progress {
  update(text: string): void;
  stop(): void;
}

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const patience = 300;

/** A spinner on stderr once work takes longer than 300 ms; silent where stderr is no terminal. */
export function createProgress(what: string): Progress {
  if (!process.stderr.isTTY || (what === 'batch' && process.stdout.isTTY)) return { update() {}, stop() {} };
  const began = performance.now();
  let detail = what;
  let frame = 0;
  let shown = false;
  const draw = (): void => {
    const elapsed = performance.now() - began;
    if (elapsed < patience) return;
    shown = true;
    process.stderr.write(
      `\r\x1b[K${[...frames][frame++ % frames.length]} ${detail} · ${(elapsed / 1000).toFixed(1)} s`,
    );
  };
  const timer = setInterval(draw, 100);
  timer.unref();
  return {
    update(text) {
      detail = text;
    },
    stop() {
      clearInterval(timer);
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
