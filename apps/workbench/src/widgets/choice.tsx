interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly name: string;
  readonly options: readonly T[];
  readonly value: T;
  /** What an option is called, where that is not the option itself. */
  readonly names?: Readonly<Record<T, string>>;
  readonly titles?: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

/** One of a few, as radio buttons in a row. */
export function Choice<T extends string>({ label, name, options, value, names, titles, onChange }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option} title={titles?.[option]}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          {names?.[option] ?? option}
        </label>
      ))}
    </fieldset>
  );
}
