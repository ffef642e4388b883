import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AccountId } from '#domain/ids.ts';
import { forgetPictures, keepPictures, keptPicture } from './keep-pictures.ts';

const teacher = 'canvas.test/7' as AccountId;
const colleague = 'canvas.test/8' as AccountId;
/** Something that the tests' own server gives. */
const picture = '/src/features/roster/keep-pictures.ts';
const [ada, ben, gone] = [`${picture}?ada`, `${picture}?ben`, `${picture}?gone`];

const kept = async (address: string) => {
  const response = await keptPicture(new Request(address));
  return response === undefined ? undefined : response.text();
};
const put = async (cache: string, address: string, date = new Date()) => {
  const response = new Response('put before', { headers: { date: date.toUTCString() } });
  await (await caches.open(cache)).put(address, response);
};
const keep = (pictures: readonly string[], everybodys = pictures) =>
  keepPictures({ account: teacher, pictures, everybodys: () => Promise.resolve(everybodys) });

beforeEach(() => forgetPictures());
afterEach(() => forgetPictures());

test('the pictures of a class are put away, those of who has left are let go', async () => {
  await put('tapmark-pictures canvas.test/7', gone);
  await put('tapmark-pictures canvas.test/7', ben);
  keep([ada], [ada, ben]);
  await expect.poll(() => kept(ada)).toContain('keepPictures');
  expect(await kept(ben)).toBe('put before');
  expect(await kept(gone)).toBeUndefined();
});

test('a class that has no pictures any more leaves none behind', async () => {
  await put('tapmark-pictures canvas.test/7', gone);
  keep([]);
  await expect.poll(() => kept(gone)).toBeUndefined();
});

test('a picture that was fetched long ago is fetched anew, a recent one is not', async () => {
  await put('tapmark-pictures canvas.test/7', ada, new Date(Date.now() - 8 * 86_400_000));
  await put('tapmark-pictures canvas.test/7', ben);
  keep([ben, ada]);
  await expect.poll(() => kept(ada)).toContain('keepPictures');
  expect(await kept(ben)).toBe('put before');
});

test('a picture stays when its new one cannot be had', async () => {
  const lost = '/no-such-place/picture';
  await put('tapmark-pictures canvas.test/7', lost, new Date(0));
  const add = vi.spyOn(Cache.prototype, 'add').mockRejectedValue(new TypeError('no network'));
  keep([lost]);
  await expect.poll(() => add.mock.calls.length).toBe(1);
  add.mockRestore();
  expect(await kept(lost)).toBe('put before');
});

test('what was put away for somebody else goes when a class is opened, and all of it at the sign-out', async () => {
  await put(`tapmark-pictures ${colleague}`, ada);
  await put('tapmark-pictures', gone);
  keep([ben]);
  await expect.poll(() => kept(ben)).toContain('keepPictures');
  expect([await kept(ada), await kept(gone)]).toEqual([undefined, undefined]);
  await forgetPictures();
  expect(await kept(ben)).toBeUndefined();
});
