import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';
import { tearLog } from './fixtures/torn-log.ts';

for (const end of ['half', 'zeros'] as const) {
  test(`a record that was torn on the disk costs no mark, neither before nor after it: ${end}`, async ({
    tablet,
    server,
  }) => {
    let lesson = lessonOn(await tablet.start());
    await lesson.signIn('teacher');
    await lesson.open(classes.ordinary);
    const students = await lesson.students();
    await untilInstalled(lesson.page);
    server.network.setOnline(false);
    for (const student of students.slice(0, 3)) await lesson.save(student, 'Pass');
    await tablet.close();
    expect(await tearLog(tablet.disk, end)).toBe(true);

    lesson = lessonOn(await tablet.start());
    await lesson.page.goto('/');
    for (const student of students.slice(3, 6)) await lesson.save(student, 'Fail');
    await tablet.kill();

    server.network.setOnline(true);
    lesson = lessonOn(await tablet.start());
    await lesson.comeBack('teacher', classes.ordinary);
    for (const student of students.slice(0, 3)) await expect(lesson.tile(student)).toContainText('pass');
    for (const student of students.slice(3, 6)) await expect(lesson.tile(student)).toContainText('not yet');
    await lesson.sendNow();
    await lesson.expectInCanvas(students.slice(0, 6));
  });
}
