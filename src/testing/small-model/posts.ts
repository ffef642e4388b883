import type { Tab } from './tab.ts';

/** One copy of a POST of results, from the call of fetch to its end. */
export interface Post {
  readonly id: string;
  readonly attempt: string;
  /** Student and second of each mark in its body. */
  readonly marks: readonly string[];
  readonly tab: Tab;
  readonly sentAtMs: number;
  /**
   * - `sent`: on its way to the gateway, or to Canvas where there is none.
   * - `arrived`: at the gateway.
   * - `forwarded`: on its way from the gateway to Canvas.
   * - `held`, `held-behind`: late on the first or on the second way; it may go on at any time, or never.
   */
  where: 'sent' | 'held' | 'arrived' | 'forwarded' | 'held-behind' | 'done';
  /** What it does when it goes on. */
  goOn: () => void;
  /** What its handler at the gateway has seen. */
  trail: string;
  /** The answer will not reach the device. */
  mute: boolean;
  /** Canvas refuses it for now. */
  refused: boolean;
}
