/* One person leaves the device, not one tab. */

const channelName = 'tapmark-device';
const putAway = 'put-away';

export function tellPutAway(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(putAway);
  channel.close();
}

/** Told when another tab of this device has signed out. @returns stops listening */
export function onPutAwayElsewhere(leave: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', (event) => {
    if (event.data === putAway) leave();
  });
  return () => {
    channel.close();
  };
}
