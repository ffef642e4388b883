import {
  CanvasError,
  NotSentError,
  SignedOutError,
  StrangerError,
  ThrottledError,
  UndecidedError,
  WrongShapeError,
} from '#canvas/errors.ts';
import { isSignIn, isUnreachable } from './outcomes.ts';

/** What the last request found on its way to Canvas. It says when to try, and never what became of a mark. */
export type Finding =
  /** Nothing was asked yet. */
  | 'unknown'
  /** Canvas or the gateway answered. */
  | 'reached'
  | 'no-network'
  /** Somebody else answered: a school Wi-Fi that wants a sign-in, a filter. */
  | 'stranger'
  | 'canvas-down'
  | 'signed-out'
  | 'busy';

/** What an error of the wire says about the way to Canvas. */
export function findingOf(error: unknown): Finding {
  if (error instanceof StrangerError) return 'stranger';
  if (error instanceof SignedOutError || isSignIn(error)) return 'signed-out';
  if (error instanceof ThrottledError) return 'busy';
  if (error instanceof WrongShapeError) return error.notJson ? 'canvas-down' : 'reached';
  if (isUnreachable(error)) return 'no-network';
  if (error instanceof NotSentError) {
    const reason = error.answer?.gatewayReason;
    return reason === 'no-connection' || reason === 'starting' ? 'canvas-down' : 'reached';
  }
  if (error instanceof UndecidedError) return (error.answer?.status ?? 0) >= 500 ? 'canvas-down' : 'reached';
  return error instanceof CanvasError ? 'reached' : 'unknown';
}
