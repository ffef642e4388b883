import { BackupError, readBackup, writeBackup } from '../../database/backup.ts';
import { type Command, CommandError, type CommandContext, readWords } from './command.ts';

export const backupCommand: Command = {
  synopsis: 'backup FILE',
  purpose: 'write everything into a file, as it is at one moment; the server may be running',
  run: backup,
};

export const restoreCommand: Command = {
  synopsis: 'restore FILE --yes',
  purpose: 'put a backup in the place of everything there is, all or nothing',
  run: restore,
};

async function backup(words: readonly string[], { database, print }: CommandContext): Promise<void> {
  const { positionals } = readWords(words, ['FILE'], {});
  const [file = ''] = positionals;
  const rows = await writeBackup(database, file);
  print(
    `${String(rows)} rows are in ${file}. It holds names and marks: keep it where nobody else can read it.`,
  );
}

async function restore(words: readonly string[], { database, print }: CommandContext): Promise<void> {
  const { values, positionals } = readWords(words, ['FILE'], { yes: { type: 'boolean' } });
  const [file = ''] = positionals;
  if (values.yes !== true) {
    throw new CommandError(`Everything there is now will be gone. If you mean it: restore ${file} --yes`);
  }
  try {
    print(`${String(await readBackup(database, file))} rows are back from ${file}.`);
  } catch (error) {
    throw error instanceof BackupError ? new CommandError(error.message) : error;
  }
}
