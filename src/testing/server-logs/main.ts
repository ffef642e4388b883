/*
 * Searches what every server of the suite has logged for tokens, secrets, cookies, names and marks. The last step of
 * `npm test`; fails when it finds something, and when there is nothing to search.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { samplePeopleRows } from '#server/school/sample/people.ts';
import { scriptedUser } from '../scripted-canvas.ts';
import { findSecrets } from './find.ts';
import { logFolderVariable, type Secret } from './keep.ts';

const folder = process.env[logFolderVariable] ?? '.cache/server-logs';
const files = readdirSync(folder);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

const secrets = files
  .filter((file) => file.endsWith('.secrets'))
  .flatMap((file) => read(file).trim().split('\n'))
  .map((line) => JSON.parse(line) as Secret);

/** The whole name, and each part that is long enough not to be some other word. */
const names = [scriptedUser.name, ...samplePeopleRows().flatMap(namesOf)];

let lines = 0;
let findings = 0;
const logs = files.filter((file) => file.endsWith('.log'));
for (const file of logs) {
  const log = read(file);
  lines += log.trim().split('\n').length;
  for (const { kind, line } of findSecrets(log, { secrets, names })) {
    findings += 1;
    console.log(`${join(folder, file)}:${line}: ${kind}`);
  }
}
console.log(
  `${lines} lines of ${logs.length} servers, searched for ${secrets.length} secrets and ${names.length} names: ` +
    (findings === 0 ? 'none found' : `${findings} found`),
);
if (findings > 0 || lines === 0 || secrets.length === 0) process.exitCode = 1;

function namesOf({ name, sortableName }: { name: string; sortableName: string }): string[] {
  if (name === 'Test Student') return [name];
  return [name, sortableName, ...sortableName.split(', ').filter((part) => part.length > 3)];
}
