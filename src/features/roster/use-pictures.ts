import { useEffect, useMemo } from 'react';
import { useAccount } from '#features/account-context.ts';
import type { Classroom, CourseRecord } from '#store/classroom.ts';
import { pictureOf } from './arrange-roster.ts';
import type { RosterStudent } from './arrange-roster.ts';
import { keepPictures } from './keep-pictures.ts';

/** After this time the grid has been drawn and nothing else is to be done, ms. */
const idleMs = 3_000;

/** @returns whether anybody in the class has a picture: only then are tiles drawn with one */
export function usePictures(students: readonly RosterStudent[]): boolean {
  const { account, store } = useAccount();
  const pictures = useMemo(() => students.flatMap(({ picture }) => picture ?? []), [students]);
  useEffect(() => {
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      const everybodys = () => everybodysPictures(store.classroom);
      stop = keepPictures({ account: account.id, pictures, everybodys });
    }, idleMs);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [pictures, account, store]);
  return pictures.length > 0;
}

/** Of all classes on this device. @throws StorageError */
async function everybodysPictures(classroom: Classroom): Promise<readonly string[]> {
  const classes = await Promise.all((await coursesOf(classroom)).map(({ id }) => classroom.class(id)));
  return classes.flatMap(
    (each) => each?.students.flatMap((student) => pictureOf(student).picture ?? []) ?? [],
  );
}

function coursesOf(classroom: Classroom): Promise<readonly CourseRecord[]> {
  return new Promise((resolve, reject) => {
    const end = classroom.watchCourses().subscribe((courses) => {
      resolve(courses);
      queueMicrotask(() => end());
    }, reject);
  });
}
