import { describe, expect, it } from 'vitest';
import type { ModelAnswer, ModelRequest } from '#testing/model-canvas.ts';
import { SyncWorld, type Tab } from '#testing/sync-world.ts';

/* Answers that are not what the contract says: refused, shown, and nothing lost or sent twice. */

const minutes = (n: number) => n * 60_000;
const json = { 'content-type': 'application/json' };
const huge: ModelAnswer = { status: 200, headers: json, body: 'x'.repeat(300 * 2 ** 20) };

const isPost = ({ method, path }: ModelRequest) => method === 'POST' && path.endsWith('/results');
const isRead = ({ method, path }: ModelRequest) => method === 'GET' && path.includes('/results');

/** For ten minutes from the first, answers that fit are replaced; the requests take effect all the same. */
function worldAnswering(which: (request: ModelRequest) => boolean, bad: (good: ModelAnswer) => ModelAnswer) {
  const world = new SyncWorld();
  let asked = 0;
  let since: number | undefined;
  world.canvas.intercept = (request, handle) => {
    const good = handle();
    if (!which(request)) return good;
    since ??= world.time.now;
    if (world.time.now - since > minutes(10)) return good;
    asked += 1;
    return bad(good);
  };
  return { world, asked: () => asked };
}

async function send(world: SyncWorld): Promise<Tab> {
  const tab = world.open();
  await world.tapClass(tab, 20);
  await world.run(2_000);
  return tab;
}

function expectOneRowEach(world: SyncWorld, count: number) {
  expect(world.states()).toEqual({ CONFIRMED: count });
  expect(world.rowsPerMark()).toEqual(Array<number>(count).fill(1));
}

const shapes: [string, (good: ModelAnswer) => ModelAnswer][] = [
  ['a 300 MB answer', () => huge],
  ['an empty body', (good) => ({ ...good, body: '' })],
  ['half a body', (good) => ({ ...good, body: good.body.slice(0, good.body.length / 2) })],
  ['a list where an object belongs', (good) => ({ ...good, body: '[]' })],
  ['results that are null', (good) => ({ ...good, body: '{"results":null}' })],
  ['rows without ids', (good) => ({ ...good, body: good.body.replaceAll('"id"', '"no"') })],
  ['ids that are objects', (good) => ({ ...good, body: good.body.replaceAll(/"id":"\d+"/g, '"id":{}') })],
  ['times that are none', (good) => ({ ...good, body: good.body.replaceAll('T09', 'T99') })],
];

describe('an answer to a POST that is not what the contract says', { timeout: 60_000 }, () => {
  it.each(shapes)('%s: UNKNOWN, a read decides, no second POST', async (_name, bad) => {
    const { world, asked } = worldAnswering(isPost, bad);
    await send(world);
    await world.run(minutes(15));
    expect(asked()).toBe(1);
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(1);
  });
});

describe('an answer to a read that is not what the contract says', { timeout: 60_000 }, () => {
  it.each(shapes)('%s: no absence from it and nothing is sent, until a read is whole', async (_name, bad) => {
    const { world, asked } = worldAnswering(isRead, bad);
    // An empty list is in order whatever a row would look like.
    const tab = world.open();
    await world.run(100);
    await world.tap(tab, { student: '130' });
    await world.run(3_000);
    await world.tapClass(tab, 20);
    await world.run(minutes(8));
    const sentMeanwhile = world.posts;
    expect(asked()).toBeGreaterThan(0);
    await world.run(minutes(15));
    expectOneRowEach(world, 21);
    expect(sentMeanwhile).toBeLessThanOrEqual(2);
    expect(tab.reports).toEqual([]);
  });
});

describe('an endless page chain', { timeout: 60_000 }, () => {
  const next = (url: (good: ModelAnswer) => string) => (good: ModelAnswer) => ({
    ...good,
    headers: { ...good.headers, link: `<${url(good)}>; rel="next"` },
  });

  it.each([
    ['points at itself', 'https://tapmark.test/api/v1/courses/11/live_assessments/1000/results?page=1'],
    [
      'points at another host',
      'https://elsewhere.test/api/v1/courses/11/live_assessments/1000/results?page=2',
    ],
    ['is no address', 'http://['],
  ])('next %s: the read is incomplete, nobody else is asked, nothing is sent', async (_name, url) => {
    const { world } = worldAnswering(
      isRead,
      next(() => url),
    );
    const tab = await send(world);
    await world.run(minutes(8));
    expect(world.posts).toBe(0);
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(tab.engine.status.get()).toMatchObject({ waiting: 20 });
    // Three passes a cycle, a handful of pages each, and ever longer pauses.
    expect(world.canvas.requests).toBeLessThan(200);
    await world.run(minutes(20));
    expectOneRowEach(world, 20);
  });

  it('next is always a new page: left after a bound', async () => {
    let page = 1;
    const more = () =>
      `https://tapmark.test/api/v1/courses/11/live_assessments/1000/results?page=${(page += 1)}`;
    const { world } = worldAnswering(isRead, next(more));
    await send(world);
    await world.run(minutes(8));
    expect(world.posts).toBe(0);
    expect(world.canvas.requests).toBeLessThan(5_000);
    await world.run(minutes(20));
    expectOneRowEach(world, 20);
  });
});
