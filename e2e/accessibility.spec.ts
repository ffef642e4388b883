import { expectAccessible } from './fixtures/axe.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen is accessible, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const lesson = lessonOn(page);
    await page.goto('/');
    const signIn = page.getByRole('button', { name: /^Sign in (to|with)/ });
    await expect(signIn).toBeVisible();
    await expectAccessible(page);

    await signIn.click();
    const teacher = page.getByRole('button', { name: 'Sign in as teacher', exact: true });
    await expect(teacher).toBeVisible();
    await expectAccessible(page);

    await teacher.click();
    const course = page.getByRole('link', { name: classes.ordinary });
    await expect(course).toBeVisible();
    await expectAccessible(page);

    await course.click();
    await expect(page.getByRole('textbox', { name: 'Title' })).toBeVisible();
    await expectAccessible(page);

    await lesson.choose();
    const [first, second] = await lesson.students();
    await lesson.save(first!, 'Pass');
    await lesson.save(second!, 'Fail');
    await expectAccessible(page);

    await page.goto('/outbox');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText(first!).first()).toBeVisible();
    await expectAccessible(page);

    await page.goto('/settings');
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    await expectAccessible(page);

    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  });
}

test('what a student is told is accessible', async ({ page }) => {
  await lessonOn(page).signIn('student');
  await expect(page.getByRole('heading', { name: 'This app is for teaching staff' })).toBeVisible();
  await expectAccessible(page);
});

test('the installed app has a name, icons for every home screen and a colour', async ({ page, request }) => {
  await page.goto('/');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await request.get(address ?? '')).json()) as {
    name: string;
    display: string;
    start_url: string;
    theme_color: string;
    icons: { src: string; purpose?: string }[];
  };
  expect(manifest).toMatchObject({ name: 'Tapmark', display: 'standalone', start_url: '/' });
  expect(manifest.theme_color).toMatch(/^#/);
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  const apple = await page.locator('link[rel=apple-touch-icon]').getAttribute('href');
  for (const icon of [...manifest.icons.map(({ src }) => src), apple ?? '']) {
    const answer = await request.get(icon);
    expect(answer.headers()['content-type']).toBe('image/png');
  }
});
