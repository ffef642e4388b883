import type { ReactNode } from 'react';

/*
 * One family: drawn on 24 × 24, one line weight, round ends, the colour of the text around them. Icons say
 * nothing to a screen reader; the word beside them, or the button's name, does.
 */

interface IconProps {
  readonly className?: string;
}

function Icon({ className, children }: IconProps & { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={className === undefined ? 'icon' : `icon ${className}`}
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

function solid(shape: ReactNode): ReactNode {
  return (
    <g fill="currentColor" stroke="none">
      {shape}
    </g>
  );
}

/* Marks */
export function TickIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 13l5 5L20 6" />
    </Icon>
  );
}
export function CrossIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M6 6l12 12M18 6L6 18" />
    </Icon>
  );
}

export function CloudIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M7 18.5a4.5 4.5 0 0 1-.4-9A5.8 5.8 0 0 1 17.8 10 4.3 4.3 0 0 1 17.5 18.5z" />
    </Icon>
  );
}

/* Doing */
export function UndoIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M8 5L4 9l4 4M4.5 9H15a5 5 0 0 1 0 10h-4" />
    </Icon>
  );
}
export function SendIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M12 19V6M6.5 11L12 5.5l5.5 5.5" />
    </Icon>
  );
}
export function SearchIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="M15 15l5 5" />
    </Icon>
  );
}
export function CloseIcon(props: IconProps) {
  return <CrossIcon {...props} />;
}
export function PlusIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M12 5v14M5 12h14" />
    </Icon>
  );
}
export function MoreIcon(props: IconProps) {
  return (
    <Icon {...props}>
      {solid(
        <>
          <circle cx="5.5" cy="12" r="1.7" />
          <circle cx="12" cy="12" r="1.7" />
          <circle cx="18.5" cy="12" r="1.7" />
        </>,
      )}
    </Icon>
  );
}
export function ShuffleIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 7h3l9 10h4M4 17h3l2.5-2.8M13 9.8L16 7h4M17.5 4.5L20 7l-2.5 2.5M17.5 14.5L20 17l-2.5 2.5" />
    </Icon>
  );
}
export function FlagIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M6 20.5V4.5h11l-2.5 4 2.5 4H6" />
    </Icon>
  );
}

/* Places */
export function BackIcon({ className = '' }: IconProps) {
  return (
    <Icon className={`icon-turns ${className}`}>
      <path d="M14.5 5.5L8 12l6.5 6.5" />
    </Icon>
  );
}
export function ForwardIcon({ className = '' }: IconProps) {
  return (
    <Icon className={`icon-turns ${className}`}>
      <path d="M9.5 5.5L16 12l-6.5 6.5" />
    </Icon>
  );
}
export function OutboxIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 13.5V19h16v-5.5M4 13.5h4.5l1.5 2.5h4l1.5-2.5H20M12 11.5V4M8.5 7L12 3.5 15.5 7" />
    </Icon>
  );
}
export function SettingsIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
      <circle cx="16" cy="7" r="2.6" />
      <circle cx="8" cy="17" r="2.6" />
    </Icon>
  );
}
export function PeopleIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="9" cy="8.5" r="3.2" />
      <path d="M3.5 19a5.5 5.5 0 0 1 11 0M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17 14a5.5 5.5 0 0 1 3.5 5" />
    </Icon>
  );
}
export function OutcomeIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="12" cy="12" r="8" />
      <circle cx="12" cy="12" r="3.2" />
    </Icon>
  );
}

/* State of things */
export function NoNetworkIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M7 18.5a4.5 4.5 0 0 1-.4-9 5.8 5.8 0 0 1 1.5-2.2M11 6a5.8 5.8 0 0 1 6.8 4 4.3 4.3 0 0 1 2.6 7M4.5 4l16 16" />
    </Icon>
  );
}
export function NoticeIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="12" cy="12" r="8.2" />
      <path d="M12 7.6v5.2M12 16.2v.1" />
    </Icon>
  );
}
export function LockIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M5.5 11h13v9h-13zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />
    </Icon>
  );
}
/** Light on one side, dark on the other. */
export function ContrastIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="12" cy="12" r="8.5" />
      {solid(<path d="M12 3.5a8.5 8.5 0 0 1 0 17z" />)}
    </Icon>
  );
}
export function EyeIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 12c2.2-3.8 5.2-5.7 9-5.7s6.8 1.9 9 5.7c-2.2 3.8-5.2 5.7-9 5.7S5.2 15.8 3 12z" />
      <circle cx="12" cy="12" r="2.6" />
    </Icon>
  );
}
export function EyeOffIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M6.3 7.9C5 8.9 3.9 10.3 3 12c2.2 3.8 5.2 5.7 9 5.7 1.8 0 3.4-.4 4.8-1.2M10.2 6.5C10.8 6.4 11.4 6.3 12 6.3c3.8 0 6.8 1.9 9 5.7-.6 1.1-1.3 2-2.1 2.8M4.5 4l16 16" />
    </Icon>
  );
}
