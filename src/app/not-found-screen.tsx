import { coursesPath } from '#features/paths.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';

export function NotFoundScreen() {
  return (
    <PageFrame title="Nothing here" back={{ href: coursesPath, label: 'All courses' }}>
      <EmptyState
        title="This address leads nowhere in Tapmark"
        action={
          <ButtonLink href={coursesPath} tone="primary">
            All courses
          </ButtonLink>
        }
      >
        <p>It may have been cut off when it was copied.</p>
      </EmptyState>
    </PageFrame>
  );
}
