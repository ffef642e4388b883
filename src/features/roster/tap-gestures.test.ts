import { beforeEach, describe, expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import { TapGestures } from './tap-gestures.ts';
import type { Contact, TapTarget } from './tap-gestures.ts';

const ada: TapTarget = { student: 'ada' as UserId, passed: true };
const adaFail: TapTarget = { ...ada, passed: false };
const ben: TapTarget = { student: 'ben' as UserId, passed: true };
const cem: TapTarget = { student: 'cem' as UserId, passed: true };

let happened: string[];
let taps: TapGestures;

function touch(pointer: number, atMs: number, place: Partial<Contact> = {}): Contact {
  return { pointer, kind: 'touch', x: 100, y: 100, breadth: 20, atMs, ...place };
}
function mouse(atMs: number, place: Partial<Contact> = {}): Contact {
  return { pointer: 1, kind: 'mouse', x: 100, y: 100, breadth: 1, atMs, ...place };
}
function name({ student, passed }: TapTarget): string {
  return `${student} ${passed ? 'pass' : 'fail'}`;
}
function marked(): string[] {
  return happened.filter((word) => word.startsWith('tap')).map((word) => word.slice(4));
}

beforeEach(() => {
  happened = [];
  taps = new TapGestures({
    press: (target, surely) => happened.push(`${surely ? 'paint' : 'hint'} ${name(target)}`),
    release: (target) => happened.push(`unpaint ${name(target)}`),
    tap: (target) => happened.push(`tap ${name(target)}`),
    refuse: () => happened.push('refused'),
  });
});

describe('a class that fits on the screen', () => {
  it('paints when the finger lands and marks when it lifts', () => {
    taps.down(ada, touch(1, 0));
    expect(happened).toEqual(['paint ada pass']);
    taps.up(touch(1, 70));
    expect(happened).toEqual(['paint ada pass', 'unpaint ada pass', 'tap ada pass']);
  });

  it('marks once when a click follows the touch', () => {
    taps.down(ada, touch(1, 0));
    taps.up(touch(1, 70));
    taps.click(ada, false, 75);
    expect(marked()).toEqual(['ada pass']);
  });

  it('marks nobody else when the tablet was turned and the click lands on another tile', () => {
    taps.down(ada, touch(1, 0));
    taps.up(touch(1, 70));
    taps.click(ben, false, 75);
    expect(marked()).toEqual(['ada pass']);
  });

  it('marks although the finger slipped a little', () => {
    taps.down(ada, touch(1, 0));
    taps.move(touch(1, 30, { x: 110, y: 120 }));
    taps.up(touch(1, 70, { x: 110, y: 120 }));
    expect(marked()).toEqual(['ada pass']);
  });

  it('marks nobody when the finger slides away before it lifts', () => {
    taps.down(ada, touch(1, 0));
    taps.move(touch(1, 30, { x: 160 }));
    taps.up(touch(1, 70, { x: 102 }));
    taps.click(ada, false, 75);
    expect(happened).toEqual(['paint ada pass', 'unpaint ada pass']);
  });

  it('marks nobody when the browser takes the touch, as in a zoom or a turn of the tablet', () => {
    taps.down(ada, touch(1, 0));
    taps.cancel(1, 40);
    taps.up(touch(1, 70));
    expect(happened).toEqual(['paint ada pass', 'unpaint ada pass']);
  });

  it('marks whoever was under the finger when it landed, wherever the tile is when it lifts', () => {
    taps.down(ada, mouse(0));
    taps.up(mouse(60));
    expect(marked()).toEqual(['ada pass']);
  });
});

describe('a class that scrolls', () => {
  beforeEach(() => {
    taps.setScrolls(true);
  });

  it('shows a finger only as pressed until it lifts', () => {
    taps.down(ada, touch(1, 0));
    taps.up(touch(1, 70));
    expect(happened).toEqual(['hint ada pass', 'unpaint ada pass', 'tap ada pass']);
  });

  it('paints at once under a mouse, which does not scroll by dragging', () => {
    taps.down(ada, mouse(0));
    expect(happened).toEqual(['paint ada pass']);
  });

  it('marks nobody when the touch turns into a swipe', () => {
    taps.down(ada, touch(1, 0));
    taps.move(touch(1, 20, { y: 115 }));
    taps.up(touch(1, 90, { y: 115 }));
    expect(marked()).toEqual([]);
  });

  it('marks nobody when the class moved under the finger', () => {
    taps.down(ada, touch(1, 0));
    taps.scrolled(20);
    taps.up(touch(1, 70));
    expect(marked()).toEqual([]);
  });

  it('marks nobody when a touch stops a class that was still moving', () => {
    taps.scrolled(1000);
    taps.down(ada, touch(1, 1050));
    taps.up(touch(1, 1120));
    taps.click(ada, false, 1125);
    expect(happened).toEqual([]);
    taps.down(ada, touch(1, 1400));
    taps.up(touch(1, 1450));
    expect(marked()).toEqual(['ada pass']);
  });
});

describe('several fingers', () => {
  it('keeps every tap of two thumbs that overlap', () => {
    taps.down(ada, touch(1, 0));
    taps.down(ben, touch(2, 80));
    taps.up(touch(1, 100));
    taps.down(cem, touch(3, 160));
    taps.up(touch(2, 180));
    taps.up(touch(3, 260));
    expect(marked()).toEqual(['ada pass', 'ben pass', 'cem pass']);
  });

  it('marks nobody when two touches land at the same moment', () => {
    taps.down(ada, touch(1, 0));
    taps.down(ben, touch(2, 8));
    taps.up(touch(1, 70));
    taps.up(touch(2, 75));
    expect(happened).toEqual(['paint ada pass', 'unpaint ada pass', 'refused']);
  });

  it('marks nobody when the hand rests partly beside the buttons', () => {
    taps.down(undefined, touch(1, 0));
    taps.down(ben, touch(2, 8));
    taps.up(touch(2, 75));
    expect(marked()).toEqual([]);
  });

  it('marks nobody when a third touch lands beside two', () => {
    taps.down(ada, touch(1, 0));
    taps.down(ben, touch(2, 60));
    taps.down(cem, touch(3, 120));
    taps.up(touch(1, 200));
    taps.up(touch(2, 210));
    taps.up(touch(3, 220));
    expect(marked()).toEqual([]);
  });

  it('marks nobody for a touch as broad as a palm', () => {
    taps.down(ada, touch(1, 0, { breadth: 90 }));
    taps.up(touch(1, 70));
    taps.click(ada, false, 75);
    expect(happened).toEqual(['refused']);
  });

  it('takes the first of two presses on one tile', () => {
    taps.down(ada, touch(1, 0));
    taps.down(adaFail, touch(2, 60));
    taps.up(touch(2, 90));
    taps.up(touch(1, 100));
    expect(marked()).toEqual(['ada pass']);
  });

  it('keeps a tap right after another one was finished', () => {
    taps.down(ada, touch(1, 0));
    taps.up(touch(1, 5));
    taps.down(ben, touch(2, 12));
    taps.up(touch(2, 17));
    expect(marked()).toEqual(['ada pass', 'ben pass']);
  });
});

describe('a click', () => {
  it('marks when no pointer was seen: keyboard, switch, screen reader', () => {
    taps.click(ada, true, 0);
    taps.click(ben, false, 10);
    expect(marked()).toEqual(['ada pass', 'ben pass']);
  });

  it('marks again by key right after a tap on the same button', () => {
    taps.down(ada, touch(1, 0));
    taps.up(touch(1, 70));
    taps.click(ada, true, 80);
    expect(marked()).toEqual(['ada pass', 'ada pass']);
  });

  it('is not swallowed for a tap of long ago', () => {
    taps.down(ada, touch(1, 0));
    taps.up(touch(1, 70));
    taps.click(ada, false, 5000);
    expect(marked()).toEqual(['ada pass', 'ada pass']);
  });
});

it('forgets every finger when the window is left', () => {
  taps.down(ada, touch(1, 0));
  expect(taps.isHeld).toBe(true);
  taps.reset();
  taps.up(touch(1, 70));
  expect(taps.isHeld).toBe(false);
  expect(marked()).toEqual([]);
});
