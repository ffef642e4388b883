import { browserFetch } from '#canvas/browser-fetch.ts';
import { createGatewayDesk } from '#canvas/gateway-desk.ts';
import type { GatewayDesk } from '#canvas/gateway-desk.ts';
import { createWire } from '#canvas/wire.ts';
import { systemClock } from '#lib/clock.ts';

/** The gateway of this page's own origin. Its questions are about the session, whoever's it is. */
export function gatewayDesk(): GatewayDesk {
  return createGatewayDesk(
    createWire({
      fetch: browserFetch,
      clock: systemClock,
      origin: location.origin,
      identity: () => undefined,
    }),
  );
}
