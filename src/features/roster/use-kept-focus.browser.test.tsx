import { useCallback, useRef } from 'react';
import { expect, test } from 'vitest';
import { render } from '#testing/render.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

function Lesson({ course, students }: { readonly course: string; readonly students: readonly string[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useKeptFocus(
    course,
    useCallback(() => heading.current?.focus(), []),
  );
  return (
    <div>
      <h1 ref={heading} tabIndex={-1}>
        7B
      </h1>
      {students.map((student) => (
        <div key={student} className="tile" data-student={student}>
          <button>{student}</button>
          <button data-mark="fail">fail {student}</button>
          <button data-mark="pass">pass {student}</button>
        </div>
      ))}
    </div>
  );
}
const students = ['ada', 'ben'];
const focused = () => document.activeElement?.textContent;

test('another outcome keeps the focus at the button of the student it was at', () => {
  const { container, rerender } = render(<Lesson key="reading" course="1" students={students} />);
  expect(focused()).toBe('7B');
  container.querySelectorAll<HTMLElement>('[data-mark=fail]')[1]!.focus();
  rerender(<Lesson key="writing" course="1" students={students} />);
  expect(focused()).toBe('fail ben');
});

test('a student whose tile comes a moment later is waited for', async () => {
  const { container, rerender } = render(<Lesson key="reading" course="2" students={students} />);
  container.querySelectorAll<HTMLElement>('[data-mark=pass]')[1]!.focus();
  rerender(<Lesson key="writing" course="2" students={[]} />);
  rerender(<Lesson key="writing" course="2" students={students} />);
  await expect.poll(focused).toBe('pass ben');
});

test('the focus begins at the name of the class where no student had it, or another class follows', async () => {
  const { container, rerender } = render(<Lesson key="reading" course="3" students={students} />);
  rerender(<Lesson key="writing" course="3" students={students} />);
  expect(focused()).toBe('7B');
  container.querySelector<HTMLElement>('[data-mark=pass]')!.focus();
  rerender(<Lesson key="chess" course="4" students={students} />);
  expect(focused()).toBe('7B');
  container.querySelector<HTMLElement>('[data-mark=pass]')!.focus();
  rerender(<Lesson key="go" course="4" students={['eve']} />);
  await expect.poll(focused).toBe('7B');
});
