import { useId } from 'react';
import { version } from '../../../package.json';

/** What it is and what it keeps, in plain words. */
export function AboutSetting() {
  const heading = useId();
  return (
    <section className="section settings-about" aria-labelledby={heading}>
      <h2 id={heading}>About Tapmark</h2>
      <p>
        Tapmark keeps on this device: the class lists of your courses, what you chose to assess, and your
        marks. It talks to your school’s server and to nobody else. Signing in happens there; no password or
        key comes here.
      </p>
      <p className="section-note">
        Canvas counts every mark and takes none back. That is why marks wait here for a while: until then undo
        is real.
      </p>
      <dl>
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Licence</dt>
        <dd>MIT</dd>
      </dl>
    </section>
  );
}
