import type { ComponentProps, ReactNode } from 'react';
import './button.css';

type Tone = 'plain' | 'primary' | 'quiet' | 'warn';

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
}

/** A native button of at least 44 px with an optional icon before its words. */
export function Button({ tone = 'plain', icon, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={classNames(`button button-${tone}`, className)}>
      {icon}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  /** What a screen reader says, and what shows as a hint under a pointer. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A square button that shows only an icon; its name is said, never guessed. */
export function IconButton({ label, children, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classNames('icon-button', className)}
    >
      {children}
    </button>
  );
}

/** A pill that is either on or off (`aria-pressed`), as the outcomes of today and filters are. */
export function Chip({ className, ...rest }: ComponentProps<'button'>) {
  return <button type="button" {...rest} className={classNames('chip', className)} />;
}

function classNames(own: string, more: string | undefined): string {
  return more === undefined ? own : `${own} ${more}`;
}
