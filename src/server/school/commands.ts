import { backupCommand, restoreCommand } from './admin/backup-commands.ts';
import { checkCommand } from './admin/check-command.ts';
import { type Command, type CommandContext, UsageError } from './admin/command.ts';
import { coursesCommand, peopleCommand } from './admin/list-commands.ts';
import { qrCommand } from './admin/qr-command.ts';
import { revokeCommand, tokenCommand, tokensCommand } from './admin/token-commands.ts';
import { exportCommand } from './roster/export-command.ts';
import { importCommand } from './roster/import-command.ts';

const commands: readonly Command[] = [
  tokenCommand,
  tokensCommand,
  revokeCommand,
  qrCommand,
  peopleCommand,
  coursesCommand,
  importCommand,
  exportCommand,
  checkCommand,
  backupCommand,
  restoreCommand,
];

const usage = [
  'Usage: npm run school -- COMMAND',
  ...commands.flatMap(({ synopsis, purpose }) => ['', `  ${synopsis}`, `      ${purpose}`]),
].join('\n');

/**
 * Runs one command on a migrated database.
 * @param words the command line, without the program's own name
 * @throws UsageError for an unknown command or person, CommandError when something is not in order
 */
export async function runCommand(words: readonly string[], context: CommandContext): Promise<void> {
  const [name, ...rest] = words;
  if (name === 'help' || name === '--help') {
    context.print(usage);
    return;
  }
  const command = commands.find(({ synopsis }) => synopsis.split(' ')[0] === name);
  if (command === undefined) throw new UsageError(usage);
  await command.run(rest, context);
}
