import { Component, lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { showToast } from './toast-store.ts';

export interface SheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** The edge it comes from. `bottom` for what the thumb needs, `end` for lists beside the class. */
  readonly from?: 'bottom' | 'end';
  readonly children: ReactNode;
}

const loadPanel = () => import('./sheet-panel.tsx');
const SheetPanel = lazy(async () => ({ default: (await loadPanel()).SheetPanel }));

/** Fetches the code of sheets ahead of the first one, when nothing else is to be done. */
export async function preloadSheet(): Promise<void> {
  await loadPanel().catch(() => undefined);
}

/**
 * A sheet that belongs to the screen under it: closed by Escape, a swipe, a tap outside or its button, and the
 * focus goes back to where it was. Its code is loaded with the first sheet, not with the class.
 */
export function Sheet(props: SheetProps) {
  if (!props.isOpen) return null;
  return (
    <MissingPart onMissing={props.onClose}>
      <Suspense fallback={null}>
        <SheetPanel {...props} />
      </Suspense>
    </MissingPart>
  );
}

/** After an update on the server a part may be gone; the screen beneath must not go with it. */
class MissingPart extends Component<{ readonly onMissing: () => void; readonly children: ReactNode }> {
  override state = { missing: false };

  static getDerivedStateFromError() {
    return { missing: true };
  }

  override componentDidCatch() {
    showToast({ words: 'This could not be opened. Try again once the app has been reloaded.' });
    this.props.onMissing();
  }

  override render() {
    return this.state.missing ? null : this.props.children;
  }
}
