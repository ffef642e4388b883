import { useContext, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { BackIcon } from './icons.tsx';
import { PageStatus } from './page-status.ts';
import { IconLink } from './button-link.tsx';
import './page-frame.css';
import './sections.css';

interface PageFrameProps {
  readonly title: string;
  /** Where the arrow at the top leads; absent on the first screen. */
  readonly back?: { readonly href: string; readonly label: string };
  /** A line under the heading. */
  readonly lead?: ReactNode;
  /** Buttons at the end of the top bar. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A page that is not the marking grid: a bar with the way back, one heading, the content in a column of
 * readable width. The heading takes the focus when the page opens; the document bears its title.
 */
export function PageFrame({ title, back, lead, actions, children }: PageFrameProps) {
  const status = useContext(PageStatus);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Tapmark`;
  }, [title]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page">
      <header className="page-bar">
        {back !== undefined && (
          <IconLink href={back.href} label={back.label}>
            <BackIcon />
          </IconLink>
        )}
        <div className="page-heading">
          <h1 ref={heading} tabIndex={-1} dir="auto">
            {title}
          </h1>
          {lead !== undefined && <div className="page-lead">{lead}</div>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      <main className="page-main">{children}</main>
      {status !== undefined && <footer className="page-foot">{status}</footer>}
    </div>
  );
}
