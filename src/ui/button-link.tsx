import type { ReactNode } from 'react';
import { Link } from 'wouter';
import './button.css';

interface LinkProps {
  readonly href: string;
  readonly children: ReactNode;
  readonly icon?: ReactNode;
  readonly tone?: 'plain' | 'primary' | 'quiet';
}

/** A link to another screen that looks and feels like a button. */
export function ButtonLink({ href, children, icon, tone = 'plain' }: LinkProps) {
  return (
    <Link href={href} className={`button button-${tone}`}>
      {icon}
      <span>{children}</span>
    </Link>
  );
}

interface IconLinkProps {
  readonly href: string;
  readonly label: string;
  readonly children: ReactNode;
}

/** As `IconButton`, for going somewhere. */
export function IconLink({ href, label, children }: IconLinkProps) {
  return (
    <Link href={href} className="icon-button" aria-label={label} title={label}>
      {children}
    </Link>
  );
}
