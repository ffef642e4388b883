import type { UserId } from '#domain/ids.ts';

/*
 * What counts as a tap.
 *
 * A mark is made when the finger is lifted, not when it lands. Every swipe through a class that scrolls begins on
 * somebody's button, so a mark at the landing would mark them; only the lift tells a tap from a swipe, a palm or a
 * change of mind (WCAG 2.5.2 asks for that way out; a mark at the landing could not be taken back by sliding off). It costs nothing that can be seen: the tile is painted when
 * the finger lands, as if marked where the class fits on the screen, as pressed where it scrolls (a tile
 * that coloured under every swipe would look like a mark). The browser is told by `touch-action` that one finger
 * never scrolls a class that fits, so there a tap that slips is still a tap.
 *
 * `click` alone would not do: browsers give none for a finger that lands while another is down, and two thumbs
 * alternating quickly overlap. So touches are judged here, and a click counts only where no pointer was seen, which
 * is how keyboards, switches, screen readers and voice control press buttons.
 */

export interface TapTarget {
  readonly student: UserId;
  readonly passed: boolean;
}

export interface Contact {
  readonly pointer: number;
  readonly kind: 'mouse' | 'pen' | 'touch';
  readonly x: number;
  readonly y: number;
  /** The longer side of what touches the glass, px; 0 or 1 where the device cannot tell. */
  readonly breadth: number;
  /** Monotonic, ms. */
  readonly atMs: number;
}

export interface TapManner {
  /** `key`: no pointer made it, but a keyboard, a switch, a screen reader. */
  readonly by: Contact['kind'] | 'key';
  /** Monotonic, ms. */
  readonly atMs: number;
}

export interface TapEvents {
  /** Paint at once; nothing is marked yet. `surely` when nothing but a tap is likely to come of it. */
  press(target: TapTarget, surely: boolean): void;
  /** Take the paint of `press` away: its tap follows at once, or there is none. */
  release(target: TapTarget): void;
  tap(target: TapTarget, how: TapManner): void;
  /** Several touches at once marked nobody. */
  refuse(): void;
}

interface Press {
  readonly target: TapTarget;
  readonly contact: Contact;
  isVoid: boolean;
}

/** A finger wanders this far in an honest tap, px. */
const slopPx = 28;
/** Along the way the class scrolls a finger may wander less before it is a swipe, px. */
const swipePx = 12;
/** A palm is broader than the flat of a thumb, px. */
const palmPx = 70;
/** Two touches nearer to each other than this did not come from aiming twice, ms. Fast thumbs are 80 ms apart. */
const togetherMs = 25;
/** A touch this soon after the class moved is there to stop it, ms. */
const stillMovingMs = 80;
/** The click of a touch comes at most this long after its end, ms. */
const clickMs = 800;

/** Judges the pointers on the grid. Knows no DOM, so that every case can be tested by its times and places. */
export class TapGestures {
  readonly #events: TapEvents;
  readonly #presses = new Map<number, Press>();
  /** When a pointer was last lifted, wherever it was. */
  #endedAtMs = Number.NEGATIVE_INFINITY;
  /** Every touch that is down, beside the buttons too, and when it landed. */
  readonly #touches = new Map<number, number>();
  #scrolledAtMs = Number.NEGATIVE_INFINITY;
  #scrolls = false;

  constructor(events: TapEvents) {
    this.#events = events;
  }

  /** Whether the class is longer than the screen. */
  setScrolls(scrolls: boolean): void {
    this.#scrolls = scrolls;
  }

  /** True while a finger is down: what is under it must not move. */
  get isHeld(): boolean {
    return this.#presses.size > 0;
  }

  /** A pointer landed; `target` is absent when it landed beside the buttons. */
  down(target: TapTarget | undefined, contact: Contact): void {
    const isPalm = this.#isPalm(contact);
    if (isPalm) this.#refuse();
    if (contact.kind === 'touch') this.#touches.set(contact.pointer, contact.atMs);
    if (target === undefined) return;
    const isStop = contact.kind !== 'mouse' && contact.atMs - this.#scrolledAtMs < stillMovingMs;
    const isTaken = [...this.#presses.values()].some((press) => press.target.student === target.student);
    const press = { target, contact, isVoid: isPalm || isStop || isTaken };
    this.#presses.set(contact.pointer, press);
    if (!press.isVoid) this.#events.press(target, contact.kind === 'mouse' || !this.#scrolls);
  }

  move(contact: Contact): void {
    const press = this.#presses.get(contact.pointer);
    if (press !== undefined && this.#strays(press, contact)) this.#void(press);
  }

  up(contact: Contact): void {
    const press = this.#end(contact.pointer, contact.atMs);
    if (press === undefined) return;
    if (this.#strays(press, contact)) this.#void(press);
    if (press.isVoid) return;
    this.#events.release(press.target);
    this.#events.tap(press.target, { by: contact.kind, atMs: contact.atMs });
  }

  /** The browser took the pointer for itself: a scroll, a zoom, a turn of the tablet. */
  cancel(pointer: number, atMs: number): void {
    const press = this.#end(pointer, atMs);
    if (press !== undefined) this.#void(press);
  }

  /** @param byKey true when no pointer made the click (`detail` is 0) */
  click(target: TapTarget, byKey: boolean, atMs: number): void {
    // Also on another button than the finger landed on: the tablet was turned, and another tile came under it.
    const isEcho = atMs - this.#endedAtMs < clickMs;
    if (byKey || !isEcho) this.#events.tap(target, { by: 'key', atMs });
  }

  /** The class moved under the fingers. */
  scrolled(atMs: number): void {
    this.#scrolledAtMs = atMs;
    for (const press of this.#presses.values()) if (press.contact.kind !== 'mouse') this.#void(press);
  }

  /** Forgets every finger, as when the window is left. */
  reset(): void {
    for (const press of this.#presses.values()) this.#void(press);
    this.#presses.clear();
    this.#touches.clear();
  }

  #end(pointer: number, atMs: number): Press | undefined {
    const press = this.#presses.get(pointer);
    this.#presses.delete(pointer);
    this.#touches.delete(pointer);
    this.#endedAtMs = atMs;
    return press;
  }

  #void(press: Press): void {
    if (press.isVoid) return;
    press.isVoid = true;
    this.#events.release(press.target);
  }

  #refuse(): void {
    for (const press of this.#presses.values()) if (press.contact.kind === 'touch') this.#void(press);
    this.#events.refuse();
  }

  /** A palm shows as one broad touch, as two that land at the same moment, or as a third beside two. */
  #isPalm(contact: Contact): boolean {
    if (contact.kind !== 'touch') return false;
    const landings = [...this.#touches.values()];
    const isTogether = landings.some((atMs) => contact.atMs - atMs < togetherMs);
    return contact.breadth > palmPx || isTogether || landings.length >= 2;
  }

  #strays({ contact: start }: Press, now: Contact): boolean {
    const along = Math.abs(now.y - start.y);
    if (this.#scrolls && start.kind !== 'mouse' && along > swipePx) return true;
    return Math.hypot(now.x - start.x, along) > slopPx;
  }
}
