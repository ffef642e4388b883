import { useState } from 'react';
import type { TileStudent } from './roster-tile.tsx';
import './portrait.css';

/** A student's picture; initials where there is none, or none can be had. The name stands beside it, so it says nothing. */
export function Portrait({ student }: { readonly student: Pick<TileStudent, 'picture' | 'initials'> }) {
  const { picture, initials } = student;
  const [broken, setBroken] = useState<string>();
  if (picture === undefined || picture === broken) {
    return (
      <span className="portrait" aria-hidden="true">
        {initials}
      </span>
    );
  }
  return (
    <img className="portrait" src={picture} alt="" decoding="async" onError={() => setBroken(picture)} />
  );
}
