import { useAccount } from '#features/account-context.ts';
import { coursesPath } from '#features/paths.ts';
import { useSession } from '#features/session-context.ts';
import { Button } from '#ui/button.tsx';
import { PeopleIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { showToast } from '#ui/toast-store.ts';

/** A student, or an observer, has signed in. */
export function NotTeaching() {
  const { account } = useAccount();
  const { signOut, signIn } = useSession();

  async function changePerson() {
    await signOut();
    if (!(await signIn(coursesPath))) {
      showToast({ words: 'The school’s server does not answer. Sign in when the network is back.' });
    }
  }

  return (
    <EmptyState
      icon={<PeopleIcon />}
      title="This app is for teaching staff"
      action={
        <Button tone="primary" onClick={() => void changePerson()}>
          Sign in as someone else
        </Button>
      }
    >
      <p>
        <bdi>{account.name}</bdi> does not teach in any course in Canvas, so there is no class to mark here.
        Your own results are in Canvas, where you usually look.
      </p>
      <p>
        If you do teach, ask whoever looks after Canvas at your school to enrol you as teacher or assistant.
      </p>
    </EmptyState>
  );
}
