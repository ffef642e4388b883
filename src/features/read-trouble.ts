import {
  MissingError,
  NetworkError,
  PermissionError,
  SignedOutError,
  StrangerError,
  ThrottledError,
  TimeoutError,
} from '#canvas/errors.ts';
import { StorageError } from '#store/port.ts';

/** Why something could not be read from Canvas, as far as it changes what a teacher can do about it. */
export type ReadTrouble =
  'no-network' | 'portal' | 'signed-out' | 'no-permission' | 'missing' | 'storage' | 'canvas';

/** Decides by the class of the error alone. */
export function readTroubleOf(error: unknown): ReadTrouble {
  if (error instanceof NetworkError || error instanceof TimeoutError) return 'no-network';
  if (error instanceof StrangerError) return 'portal';
  if (error instanceof SignedOutError) return 'signed-out';
  if (error instanceof PermissionError) return 'no-permission';
  if (error instanceof MissingError) return 'missing';
  if (error instanceof StorageError) return 'storage';
  return 'canvas';
}

/** Says it in half a sentence, to stand after what is shown all the same. */
export function readTroubleWords(trouble: ReadTrouble): string {
  switch (trouble) {
    case 'no-network':
      return 'no network';
    case 'portal':
      return 'the Wi-Fi wants you to sign in';
    case 'signed-out':
      return 'sign in to refresh';
    case 'no-permission':
      return 'Canvas does not let you read it';
    case 'missing':
      return 'Canvas no longer has it';
    case 'storage':
      return 'this device could not keep it';
    case 'canvas':
      return 'Canvas is not answering';
    default:
      return trouble satisfies never;
  }
}

/** True when asking again by itself may help. */
export function isWorthAsking(error: unknown): boolean {
  if (error instanceof ThrottledError) return true;
  const trouble = readTroubleOf(error);
  return trouble === 'no-network' || trouble === 'canvas';
}
