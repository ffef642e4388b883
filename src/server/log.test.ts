import { expect, test } from 'vitest';
import { createLogger } from './log.ts';

test('writes one JSON object a line, and nothing below its level', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', write: (line) => lines.push(line) });
  log.info('request', { status: 200 });
  log.warn('metrics-port-taken', { port: 9464, why: undefined });
  log.report(new Error('no'));
  expect(lines).toHaveLength(2);
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    level: 'warn',
    event: 'metrics-port-taken',
    port: 9464,
  });
});

test('an error is logged with where it arose, and without what looks like a key', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  log.report(new Error(`bad value "${'Ab3_'.repeat(11)}" for column`));
  expect(lines[0]).toContain('log.test.ts');
  expect(lines[0]).toContain('[long text]');
  expect(lines[0]).not.toContain('Ab3_Ab3_');
  log.report('a bare text that may be anything');
  expect(lines[1]).not.toContain('bare text');
});
