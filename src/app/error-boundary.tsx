import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from '#ui/button.tsx';
import { NoticeIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';
import { MissingPartError } from './lazy-screen.tsx';

interface BoundaryProps {
  readonly children: ReactNode;
  /** When this changes, the children are tried again: another address is another screen. */
  readonly resetOn: string;
}

interface BoundaryState {
  readonly error?: unknown;
  readonly resetOn: string;
}

/** Catches what a screen throws. Marks are in the store by then; the words say so, and how to go on. */
export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { resetOn: this.props.resetOn };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { error };
  }

  static getDerivedStateFromProps(props: BoundaryProps, state: BoundaryState): Partial<BoundaryState> | null {
    return props.resetOn === state.resetOn ? null : { resetOn: props.resetOn, error: undefined };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    const missing = this.state.error instanceof MissingPartError;
    return (
      <main className="page-main">
        <ErrorState
          isPage
          icon={<NoticeIcon />}
          title={missing ? 'This part of the app could not be loaded' : 'This screen has failed'}
          action={
            <>
              <Button
                tone="primary"
                onClick={() => {
                  location.reload();
                }}
              >
                Reload the app
              </Button>
              <a className="button button-plain" href="/">
                All courses
              </a>
            </>
          }
        >
          <p>
            {missing
              ? 'The app was renewed on the server while it was open here. Reload it when it suits you.'
              : 'That is a mistake in the app, not yours. Reload it to go on.'}
          </p>
          <p>Every mark that was called saved is on this device.</p>
        </ErrorState>
      </main>
    );
  }
}
