import { beforeEach, expect, it } from 'vitest';
import { buildStudent } from '#testing/build-student.ts';
import { useToasts } from '#ui/toast-store.ts';
import { rosterStudentOf } from './arrange-roster.ts';
import { useRosterUi } from './roster-ui.ts';
import { closeExplanations, explainAllSent, explainSent } from './sent-toast.ts';

const [ada, ben] = ['Ada Lovelace', 'Ben Okri'].map((name) => rosterStudentOf(buildStudent(name, { name })));
const toasts = () => useToasts.getState().toasts;
const nothing = () => undefined;

beforeEach(() => {
  useToasts.setState({ toasts: [] });
  useRosterUi.setState({ shield: undefined });
});

it('names the student whose mark was sent, in the words and on the button', () => {
  explainSent(ada!, true, nothing);
  expect(toasts()[0]?.words).toMatch(/^The mark of Ada Lovelace is in Canvas, or on the way there\./);
  expect(toasts()[0]?.action?.label).toBe('Add “pass” for Ada Lovelace');
});

it('tells of each student once, of the latest tap', () => {
  const added: string[] = [];
  explainSent(ada!, true, () => added.push('pass'));
  explainSent(ben!, true, nothing);
  explainSent(ada!, false, () => added.push('not yet'));
  expect(toasts().map(({ action }) => action?.label)).toEqual([
    'Add “pass” for Ben Okri',
    'Add “not yet” for Ada Lovelace',
  ]);
  toasts()[1]?.action?.run();
  expect(added).toEqual(['not yet']);
});

it('tells no name while names are hidden', () => {
  useRosterUi.setState({ shield: 'names' });
  explainSent(ada!, true, nothing);
  expect(JSON.stringify(toasts())).not.toMatch(/Ada|Lovelace/);
  expect(toasts()[0]?.action?.label).toBe('Add “pass” for AL');
});

it('hides on a message what the shield hides, also when it is raised after it', () => {
  explainSent(ada!, true, nothing);
  useRosterUi.setState({ shield: 'names' });
  expect(JSON.stringify(toasts())).not.toMatch(/Ada|Lovelace/);
  expect(toasts()).toHaveLength(1);
  useRosterUi.setState({ shield: 'results' });
  expect(toasts()[0]?.words).toMatch(/^The mark of Ada Lovelace/);
  expect(toasts()[0]?.action?.label).toBe('Add another mark for Ada Lovelace');
  useToasts.setState({ toasts: [] });
  useRosterUi.setState({ shield: 'names' });
  expect(toasts()).toEqual([]);
});

it('names nobody any more once the lesson is left', () => {
  explainSent(ada!, true, nothing);
  explainSent(ben!, true, nothing);
  closeExplanations();
  expect(toasts()).toEqual([]);
});

it('tells of several students in one sentence', () => {
  explainAllSent(3);
  expect(toasts().map(({ words }) => words)).toEqual([
    expect.stringMatching(/^3 students have a mark in Canvas/),
  ]);
});
