import { CrossIcon, TickIcon } from '#ui/icons.tsx';

type Drawn = 'pass' | 'fail' | 'none';

const tiles: readonly (readonly [string, Drawn])[] = [
  ['Amara', 'pass'],
  ['Chloé', 'fail'],
  ['Haruto', 'pass'],
  ['Noor', 'pass'],
  ['Tomás', 'none'],
  ['Yara', 'pass'],
];

/** A corner of a class, drawn: what marking looks like. Says nothing that the words beside it do not. */
export function SignInPicture() {
  return (
    <div className="sign-in-picture" aria-hidden="true">
      {tiles.map(([name, drawn]) => (
        <div key={name} className="sign-in-tile" data-drawn={drawn}>
          <b>{name}</b>
          <span className="sign-in-halves">
            <span className="sign-in-half" data-on={drawn === 'fail'}>
              <CrossIcon />
            </span>
            <span className="sign-in-half" data-on={drawn === 'pass'}>
              <TickIcon />
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}
