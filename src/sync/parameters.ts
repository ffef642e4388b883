/* The parameters of sync protocol §3, all in milliseconds unless they say otherwise. */

/** Largest batch, marks. A refusal is bisected, so a larger batch costs more when one mark is bad. */
export const batchMaxMarks = 100;
/** Largest body, bytes. */
export const batchMaxBytes = 64 * 1024;
/** Largest batch where no gateway of §13 keeps a POST from being repeated below `fetch`, marks. */
export const batchMaxWithoutGateway = 20;
/** Quiet time before absence may be concluded. Monotonic; starts anew after a restart. */
export const settleMs = 120_000;
/** Longest pause between the commit of the arm record and the call of `fetch`. */
export const sendGapMs = 2_000;
/** Longest age of the read, or of the stamp, that an arm relies on. */
export const readTtlMs = 10_000;
/** When presence is looked for after an unknown outcome; the last look is SETTLE's own complete read. */
export const presenceReadsMs: readonly number[] = [0, 5_000, 20_000, 60_000];
export const backoffBaseMs = 2_000;
export const backoffCapMs = 5 * 60_000;
/** How often a lane behind `permission` or `no-readback` is tried by itself. */
export const hourlyProbeMs = 60 * 60_000;
/** Passes of one read in a cycle before it is left incomplete. */
export const maxReadPasses = 3;
/** Single refusals alike, or single absences after an undecided answer, that close `systemic`. */
export const systemicAfter = 3;
/** Complete reads that find a batch absent after an undecided answer before it is split. */
export const splitAfterAbsences = 3;
/** Round trip above which an answer says nothing useful about the clock. */
export const clockRoundTripMaxMs = 5_000;
/** Failures of one local transaction before the store counts as broken. */
export const storageTries = 3;
/** Silence of the lock's holder after which a visible page may take the lock. */
export const stealAfterMs = 5_000;
/** How often an idle sender looks for work nobody told it of. */
export const idlePollMs = 30_000;
