import { EyeIcon, NoticeIcon, TickIcon } from '#ui/icons.tsx';
import type { CheckLine } from './words.ts';

const stateWords: Readonly<Record<CheckLine['state'], string>> = {
  ok: 'In order',
  wrong: 'Needs somebody',
  unknown: 'To be looked at',
};

/** The points, each with its state in shape and word, and whom to ask. */
export function CheckLines({ lines }: { readonly lines: readonly CheckLine[] }) {
  return (
    <ul className="lines">
      {lines.map((line) => (
        <li key={line.title} className="check-line" data-state={line.state}>
          <StateIcon state={line.state} />
          <div className="line-words">
            <h2 className="check-title">{line.title}</h2>
            {line.state === 'ok' ? null : <p>{line.said}</p>}
            {line.ask !== undefined && <p className="check-ask">{line.ask}</p>}
          </div>
          <span className="check-state">{stateWords[line.state]}</span>
        </li>
      ))}
    </ul>
  );
}

function StateIcon({ state }: { readonly state: CheckLine['state'] }) {
  switch (state) {
    case 'ok':
      return <TickIcon />;
    case 'wrong':
      return <NoticeIcon />;
    case 'unknown':
      return <EyeIcon />;
    default:
      return state satisfies never;
  }
}
