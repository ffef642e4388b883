import { NoticeIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';

/** The page came over plain http from another machine; browsers then withhold what the app stands on. */
export function InsecureScreen() {
  return (
    <main className="page-main">
      <ErrorState isPage icon={<NoticeIcon />} title="Tapmark needs a secure address">
        <p>
          This address begins with http, so the browser keeps nothing for it and it could not work without a
          network. Open the address that begins with https.
        </p>
        <p>Whoever runs the server finds how to put it behind TLS in its README.</p>
      </ErrorState>
    </main>
  );
}
