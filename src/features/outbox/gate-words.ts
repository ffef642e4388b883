import type { Lane } from '#store/records.ts';

/** Why the marks of one assessment stand still, and what helps; undefined while they are on their way. */
export function gateWords(lane: Lane): string | undefined {
  switch (lane.gate) {
    case 'open':
    case 'auth':
    case 'unreachable':
    case 'throttle':
      // Said for all lanes together by the sync words.
      return undefined;
    case 'unresolved':
      return lane.reason === undefined
        ? undefined
        : 'Canvas did not let this assessment be made. Ask who runs Canvas for the right to manage grades.';
    case 'permission':
      return 'Canvas did not let you send marks here. Your role in this course may have changed.';
    case 'no-readback':
      return 'Canvas does not let you read results here, so nothing is sent: it could not be checked.';
    case 'missing':
      return 'Canvas no longer has this course or assessment.';
    case 'systemic':
      return 'Canvas refused several marks here in the same way, so the rest waits. Tell who runs Canvas.';
    case 'identity':
      return 'Canvas answered as somebody else. Sign out and in again; if it stays, tell who runs Canvas.';
    case 'storage':
      return 'This device could not write down what became of these marks. Free some space.';
  }
}
