import { useId } from 'react';
import type { ReactNode } from 'react';
import './text-field.css';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with it, in words; the field is then marked invalid. */
  readonly problem?: string | undefined;
  readonly type?: 'text' | 'search';
  /** Drawn inside, at the start. */
  readonly icon?: ReactNode;
}

/** A labelled line of text. What is wrong stands under it and is read with it. */
export function TextField({ label, value, onChange, problem, type = 'text', icon }: TextFieldProps) {
  const id = useId();
  const problemId = useId();
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      <div className="text-field-box" data-invalid={problem !== undefined}>
        {icon}
        <input
          id={id}
          type={type}
          dir="auto"
          autoComplete="off"
          value={value}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      </div>
      <p id={problemId} className="text-field-problem" role="alert">
        {problem}
      </p>
    </div>
  );
}
