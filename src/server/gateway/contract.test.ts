import { openEmbeddedPlace, openRemotePlace } from '#testing/canvas-contract/canvas-places.ts';
import { describeCanvasContract } from '#testing/canvas-contract/describe-canvas-contract.ts';
import { openGatewaySubject } from '#testing/canvas-contract/gateway-subject.ts';

describeCanvasContract('the embedded school through the gateway', () =>
  openGatewaySubject(openEmbeddedPlace),
);
describeCanvasContract('a Canvas over the network through the gateway', () =>
  openGatewaySubject(openRemotePlace),
);
