import { useId, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { TextField } from '#ui/text-field.tsx';
import './title-form.css';
import { checkTitle, titleProblemWords } from './free-title.ts';

/** Begins an assessment that no outcome stands behind. */
export function TitleForm({ onStart }: { readonly onStart: (title: string) => void }) {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState(false);
  const heading = useId();
  const check = checkTitle(typed);
  // Too long is said while typing; missing only after the button.
  const problem =
    check.kind === 'too-long' || (asked && check.kind === 'empty') ? titleProblemWords(check) : undefined;

  return (
    <section className="section" aria-labelledby={heading}>
      <h2 id={heading}>Something else</h2>
      <p className="section-note">
        A free title is kept in Canvas as an assessment of its own. It counts towards no outcome.
      </p>
      <form
        className="title-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (check.kind === 'fine') onStart(check.title);
        }}
      >
        <TextField label="Title" value={typed} onChange={setTyped} problem={problem} />
        <Button type="submit">Start with this title</Button>
      </form>
    </section>
  );
}
