import type { ReactNode } from 'react';
import './notices.css';

interface NoticeProps {
  /** What is so. */
  readonly title: string;
  /** Why, in a sentence or two. */
  readonly children?: ReactNode;
  /** The next step, with a button for it. */
  readonly action?: ReactNode;
  readonly icon?: ReactNode;
  /** True where it is the whole page: its title is then the page's heading. */
  readonly isPage?: boolean;
}

/** There is nothing here, and that is not a fault. */
export function EmptyState(props: NoticeProps) {
  return <Notice {...props} className="notice" />;
}

/** Something is in the way: said at once to a screen reader. */
export function ErrorState(props: NoticeProps) {
  return <Notice {...props} className="notice notice-error" alert />;
}

function Notice(props: NoticeProps & { readonly className: string; readonly alert?: boolean }) {
  const Heading = props.isPage === true ? 'h1' : 'h2';
  return (
    <section className={props.className} role={props.alert === true ? 'alert' : undefined}>
      {props.icon}
      <div className="notice-words">
        <Heading>{props.title}</Heading>
        {props.children !== undefined && <div className="notice-why">{props.children}</div>}
        {props.action !== undefined && <div className="notice-action">{props.action}</div>}
      </div>
    </section>
  );
}
