import type { ReactNode } from 'react';
import './notice-bar.css';

interface NoticeBarProps {
  /** `warn` lies over the other, where both are said. */
  readonly tone: 'accent' | 'warn';
  readonly children: ReactNode;
}

/** Something to decide, at the top of a screen that must not move under a finger: it covers the bar there. */
export function NoticeBar({ tone, children }: NoticeBarProps) {
  return (
    <section className="notice-bar" data-tone={tone} role="alert">
      {children}
    </section>
  );
}
