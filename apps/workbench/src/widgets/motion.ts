/** A place inside an element, whatever moves or scrolls at the moment. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Where an element lies in a positioned one around it. */
export function spotIn(root: HTMLElement, element: HTMLElement): Spot {
  let [x, y] = [0, 0];
  for (let at: Element | null = element; at instanceof HTMLElement && at !== root; at = at.offsetParent) {
    x += at.offsetLeft;
    y += at.offsetTop;
  }
  return { x, y };
}

/** Whether things may move on this page. */
export const mayMove = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

const way = (from: Spot, to: Spot): string => `translate(${to.x - from.x}px, ${to.y - from.y}px)`;
const timing = { duration: 800, easing: 'ease-in-out' } as const;

/** Lets an element that lies at `here` come from another place. */
export function comeFrom(element: HTMLElement, from: Spot, here: Spot): void {
  if (!mayMove() || (from.x === here.x && from.y === here.y)) return;
  element.animate([{ transform: way(here, from) }, { transform: 'none' }], timing);
}

/** Lets an element slide onto another place and vanish there, or the way back. */
export function mergeInto(element: HTMLElement, to: Spot, here: Spot, back: boolean): void {
  if (!mayMove()) return;
  const there = way(here, to);
  element.animate(
    [
      { transform: 'none', opacity: 1 },
      { transform: there, opacity: 1, offset: 0.85 },
      { transform: there, opacity: 0 },
    ],
    { ...timing, direction: back ? 'reverse' : 'normal' },
  );
}

/** Lets an element appear where it stands. */
export function appear(element: HTMLElement): void {
  if (mayMove()) element.animate([{ opacity: 0 }, { opacity: 1 }], timing);
}
