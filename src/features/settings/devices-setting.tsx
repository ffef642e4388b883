import { useId, useState } from 'react';
import type { DevicesAnswer } from '#canvas/gateway-wire.ts';
import { readAtWords } from '#features/ages.ts';
import { gatewayDesk } from '#features/gateway-desk.ts';
import { useCanvasRead } from '#features/queries.ts';
import { readTroubleWords } from '#features/read-trouble.ts';
import { systemClock } from '#lib/clock.ts';
import { Button } from '#ui/button.tsx';
import { showToast } from '#ui/toast-store.ts';

type Device = DevicesAnswer['devices'][number];

/** Where this person is signed in, and the way to end that elsewhere: a tablet that was lost or left lying. */
export function DevicesSetting() {
  const heading = useId();
  const { found, trouble, refresh } = useCanvasRead({
    name: ['devices'],
    freshForMs: 0,
    read: () => gatewayDesk().readDevices(),
  });
  return (
    <section className="section" aria-labelledby={heading}>
      <h2 id={heading}>Signed in on</h2>
      {found !== undefined && (
        <ul className="lines">
          {found.devices.map((device) => (
            <DeviceLine key={device.id} device={device} onGone={refresh} />
          ))}
        </ul>
      )}
      <p className="section-note">
        {trouble === undefined
          ? 'Signing a device out stops it from sending. Marks that wait on it stay there, and go when you sign in there again.'
          : `Not read just now: ${readTroubleWords(trouble)}.`}
      </p>
    </section>
  );
}

function DeviceLine({ device, onGone }: { readonly device: Device; readonly onGone: () => void }) {
  const [isLeaving, setLeaving] = useState(false);
  const name = device.name === '' ? 'Unknown device' : device.name;

  async function signOut() {
    setLeaving(true);
    try {
      await gatewayDesk().signOutDevice(device.id);
    } catch {
      showToast({ words: 'That did not reach the school’s server. Check the network, then try again.' });
    }
    setLeaving(false);
    onGone();
  }

  return (
    <li className="settings-device">
      <span className="line-words">
        <bdi className="line-title">{name}</bdi>
        <span className="line-note">
          {device.current
            ? 'This device'
            : `Last seen ${readAtWords(Date.parse(device.seenAt), systemClock.wallMs())}`}
        </span>
      </span>
      {!device.current && (
        <Button disabled={isLeaving} aria-label={`Sign it out: ${name}`} onClick={() => void signOut()}>
          Sign it out
        </Button>
      )}
    </li>
  );
}
