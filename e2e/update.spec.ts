import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

test('a new version is offered after the lesson, never forced, and marks outlive it', async ({
  tablet,
  server,
}) => {
  const page = await tablet.start();
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await untilInstalled(page);

  const worker = await (await fetch(`${server.url}/service-worker.js`)).text();
  server.network.plan(({ path }) =>
    path === '/service-worker.js'
      ? {
          kind: 'answer',
          status: 200,
          headers: { 'content-type': 'text/javascript', 'cache-control': 'no-cache' },
          body: `${worker}\n// the next version`,
        }
      : { kind: 'pass' },
  );
  await page.reload();
  const waiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state ?? 'none');
  await expect.poll(waiting).toBe('installed');

  // In mid-lesson nothing is offered and nothing changes.
  await lesson.save(second!, 'Fail');
  await expect(page.getByText('A new version is ready')).toBeHidden();
  await page.getByRole('link', { name: 'Back to the course' }).click();
  await expect(page.getByText('A new version is ready. Use it after the lesson.')).toBeVisible();
  expect(await waiting()).toBe('installed');

  await page.getByRole('button', { name: 'Use it now' }).click();
  await expect.poll(waiting).toBe('none');
  await expect(page.getByText('A new version is ready')).toBeHidden();
  await lesson.choose();
  await expect(lesson.tile(first!)).toContainText('pass');
  await expect(lesson.tile(second!)).toContainText('not yet');
});
