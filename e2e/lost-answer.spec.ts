import type { Fault } from '#testing/faults.ts';
import { loginRedirect, maintenance, portal, throttled } from '#testing/faults.ts';
import { expect, test } from './fixtures/test.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';

/** What befalls the first POST of results. `took`: whether it took effect all the same. */
const troubles: { name: string; fault: Fault; took: boolean }[] = [
  { name: 'the answer is lost after the commit', fault: { kind: 'cut', at: 'answered' }, took: true },
  { name: 'the answer breaks off in the middle', fault: { kind: 'cut', at: 'half-answered' }, took: true },
  { name: 'the connection breaks right after the request', fault: { kind: 'cut', at: 'sent' }, took: true },
  {
    name: 'a proxy answers 500 after the commit',
    fault: { kind: 'replace-answer', status: 500 },
    took: true,
  },
  { name: 'the request is repeated below the browser', fault: { kind: 'repeat', times: 3 }, took: true },
  {
    name: 'the gateway’s mark is stripped from the answer',
    fault: { kind: 'strip', headers: ['x-tapmark-speaker'] },
    took: true,
  },
  { name: 'the request never leaves', fault: { kind: 'cut', at: 'unsent' }, took: false },
  { name: 'half of the request leaves', fault: { kind: 'cut', at: 'half-sent' }, took: false },
  { name: 'the Wi-Fi’s own page answers', fault: portal, took: false },
  { name: 'a redirect to a login page answers', fault: loginRedirect, took: false },
  { name: 'a maintenance page answers', fault: maintenance, took: false },
  { name: 'a proxy throttles', fault: throttled(1), took: false },
];

for (const { name, fault, took } of troubles) {
  test(`one row a mark when ${name}`, async ({ page, server, canvas }) => {
    const lesson = lessonOn(page);
    await lesson.signIn('teacher');
    const course = await lesson.open(classes.ordinary);
    const marked = (await lesson.students()).slice(0, 3);
    for (const student of marked) await lesson.save(student, 'Pass');

    const attempts: string[] = [];
    server.network.plan(({ method, path, header }) => {
      if (method !== 'POST' || !/\/results$/.test(path)) return { kind: 'pass' };
      attempts.push(header('x-tapmark-attempt') ?? 'none');
      return attempts.length === 1 ? fault : { kind: 'pass' };
    });
    await lesson.sendNow();
    await lesson.expectInCanvas(marked);
    await expect(lesson.sync).toContainText(/all in canvas/i);
    const rows = await canvas.rows(course);
    expect(new Set(rows.map((row) => row.links.user)).size).toBe(3);
    expect(rows).toHaveLength(3);
    // Chromium itself repeats a POST whose reused connection broke: the same attempt, which the gateway knows.
    if (took) expect(new Set(attempts).size).toBe(1);
  });
}
