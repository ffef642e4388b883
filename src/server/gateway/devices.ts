import type { DevicesAnswer } from '#canvas/gateway-wire.ts';
import type { OAuthClient } from './oauth.ts';
import type { Session, Sessions } from './sessions.ts';
import { digest } from './vault.ts';

/** One's own signed-in devices, and the way to sign one of them out. */
export interface Devices {
  list(session: Session): Promise<DevicesAnswer>;
  /** @returns false when this person has no such device */
  signOut(session: Session, device: string, canvasOrigin: string): Promise<boolean>;
}

export function createDevices(deps: { readonly sessions: Sessions; readonly oauth: OAuthClient }): Devices {
  const { sessions, oauth } = deps;
  return {
    async list(session) {
      const devices = await sessions.devicesOf(session.user.id);
      return {
        devices: devices.map(({ id, name, signedInAtMs, seenAtMs }) => ({
          id: handleOf(id),
          name,
          signedInAt: new Date(signedInAtMs).toISOString(),
          seenAt: new Date(seenAtMs).toISOString(),
          current: id === session.id,
        })),
      };
    },
    async signOut(session, device, canvasOrigin) {
      const own = await sessions.devicesOf(session.user.id);
      const found = own.find(({ id }) => handleOf(id) === device);
      const other = found === undefined ? undefined : await sessions.byId(found.id);
      if (found === undefined) return false;
      await sessions.end(found.id);
      if (other !== undefined) await oauth.revoke(other.accessToken, canvasOrigin);
      return true;
    },
  };
}

/** What the browser calls a session: not the session's own name, which stands in the database. */
function handleOf(id: string): string {
  return digest('device', id).slice(0, 22);
}
