import { MathfieldElement } from 'mathlive';
import { useEffect, useRef } from 'preact/hooks';
import '../styles/visual.css';

// Fonts are those of the formulas; nothing is played, and nothing comes from elsewhere.
MathfieldElement.fontsDirectory = null;
MathfieldElement.soundsDirectory = null;
MathfieldElement.keypressSound = null;
MathfieldElement.plonkSound = null;

/** What one types for what stands on no key; every other run of letters is names. */
const shortcuts: Readonly<Record<string, string>> = {
  "'": '^{\\top}',
  '*': '\\,',
  '.*': '\\odot',
  '/': '\\frac{#@}{#?}',
  sqrt: '\\sqrt{#?}',
  norm: '\\lVert #?\\rVert_{2}',
  ...Object.fromEntries(
    'alpha beta gamma delta epsilon theta lambda mu rho sigma tau phi psi omega Sigma Lambda Theta'
      .split(' ')
      .map((name) => [name, `\\${name}`]),
  ),
  ...Object.fromEntries('exp log sin cos tan tanh det'.split(' ').map((name) => [name, `\\${name}`])),
  ...Object.fromEntries(
    'tr sum inv diag softmax logsumexp relu sigmoid logdet'.split(' ').map((name) => [name, `\\operatorname{${name}}`]),
  ),
};

interface MathFieldProps {
  readonly label: string;
  readonly latex: string;
  readonly disabled?: boolean;
  readonly onChange: (latex: string) => void;
}

/** One formula that is edited as it looks. It keeps what one types, and takes another formula when the program changed elsewhere. */
export function MathField({ label, latex, disabled = false, onChange }: MathFieldProps) {
  const place = useRef<HTMLDivElement>(null);
  const field = useRef<MathfieldElement | undefined>(undefined);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    const made = new MathfieldElement();
    made.addEventListener('input', () => latest.current(made.value));
    place.current!.append(made);
    made.inlineShortcuts = shortcuts;
    made.menuItems = [];
    field.current = made;
    return () => made.remove();
  }, []);
  useEffect(() => {
    const made = field.current!;
    if (!made.hasFocus() && made.value !== latex) made.setValue(latex, { silenceNotifications: true });
  }, [latex]);
  useEffect(() => {
    field.current!.readOnly = disabled;
    field.current!.setAttribute('aria-label', label);
  }, [label, disabled]);
  return <div class="math-field" ref={place} />;
}
