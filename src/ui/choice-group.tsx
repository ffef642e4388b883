import { useId } from 'react';
import './choice-group.css';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A line that says what it does. */
  readonly note?: string;
}

interface ChoiceGroupProps<T extends string> {
  readonly legend: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of several, each on a line of its own; native radio buttons, so every keyboard and reader knows them. */
export function ChoiceGroup<T extends string>({ legend, choices, value, onChange }: ChoiceGroupProps<T>) {
  const name = useId();
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      <div className="lines">
        {choices.map((choice) => (
          <label key={choice.value} className="choice">
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => {
                onChange(choice.value);
              }}
            />
            <span className="line-words">
              <span>{choice.label}</span>
              {choice.note !== undefined && <span className="line-note">{choice.note}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
