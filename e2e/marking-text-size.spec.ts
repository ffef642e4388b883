import { launchOptions } from './playwright.config.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

/** Half as large again as usual, as the teacher has set it for all of the browser. */
test.use({
  launchOptions: { ...launchOptions, args: ['--blink-settings=defaultFontSize=24'] },
});

test('with larger text the bars leave the class its room and cut nothing off', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first] = await lesson.students();
  await lesson.save(first!, 'Fail');
  const { width, height } = page.viewportSize()!;
  for (const viewport of [
    { width, height },
    { width: height, height: width },
  ]) {
    await page.setViewportSize(viewport);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    for (const bar of [page.getByRole('banner'), page.getByRole('contentinfo')]) {
      expect((await bar.boundingBox())!.height).toBeLessThan(viewport.height / 5);
      for (const control of await bar.locator('a, button').all())
        await expect(control).toBeInViewport({ ratio: 1 });
    }
    await expect(lesson.sync.getByText(/saved here/).first()).toBeInViewport({ ratio: 1 });
  }
});
