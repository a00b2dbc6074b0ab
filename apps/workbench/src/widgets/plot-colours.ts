/** A colour of the style sheet, for what is drawn on a canvas. */
export const colour = (name: string): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** An axis in the page's colours. */
export const axis = (label: string) => ({
  label,
  stroke: () => colour('faint'),
  grid: { stroke: () => colour('line'), width: 1 },
  ticks: { stroke: () => colour('line'), width: 1 },
});
