import { useId } from 'react';
import { setUpCheckPath } from '#features/paths.ts';
import { ButtonLink } from '#ui/button-link.tsx';

/** The way to the page that says whether a lesson will work. */
export function SetUpSetting() {
  const heading = useId();
  return (
    <section className="section" aria-labelledby={heading}>
      <h2 id={heading}>Set-up</h2>
      <p>Is something missing before the first lesson? The check says what, and whom to ask.</p>
      <div className="settings-buttons">
        <ButtonLink href={setUpCheckPath}>Check the set-up</ButtonLink>
      </div>
    </section>
  );
}
