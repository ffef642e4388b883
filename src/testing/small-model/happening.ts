import type { Tab } from './tab.ts';

/** What a step touches, and so with what other steps its order matters. */
export type StepKind =
  /** The disk. */
  | 'read'
  | 'write'
  /** A tab hears that its arm record is written, and calls `fetch`. */
  | 'arm'
  /** A question to the gateway or to Canvas. */
  | 'ask'
  /** A question whose answer nothing here can change. */
  | 'small talk'
  /** A step of a POST. */
  | 'post'
  /** Something comes to a tab: time, the lock, an answer. */
  | 'news';

/** Something that the checker may let happen next. */
export interface Happening {
  readonly label: string;
  readonly kind: StepKind;
  /** Whose code runs when it happens; a frozen tab's waits for the thaw, a dead one's never happens. */
  readonly tab?: Tab;
  readonly act: () => void;
  /** True: its outcome reaches no tab. */
  readonly unheard?: () => boolean;
  /** What may happen in its place, when something is to go wrong. */
  readonly faults?: () => readonly Fault[];
}

/** What the checker may let go wrong. */
export type FaultKind =
  | 'crash'
  /** A tab freezes, and thaws at any later time. */
  | 'freeze'
  /** The browser takes the lock from a tab that runs on. */
  | 'lock-lost'
  /** A POST is held on its way, and goes on at any later time, or never. */
  | 'hold'
  /** The browser puts a POST on its way twice. */
  | 'repeat'
  | 'answer-lost'
  | 'read-lost'
  /** The gateway cannot connect to Canvas. */
  | 'no-connection'
  /** Canvas refuses a POST for now and stores nothing. */
  | 'refused'
  /** A list lacks a row that its count counts. */
  | 'short-read'
  /** Reads come from a replica. */
  | 'lag'
  /** The device is put back to what it was when both marks were saved. */
  | 'restore';

export interface Fault {
  readonly kind: FaultKind;
  readonly label: string;
  readonly act: () => void;
}
