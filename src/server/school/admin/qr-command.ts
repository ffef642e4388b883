import { writeFile } from 'node:fs/promises';
import encodeQR from 'qr';
import { issueSignInLink, LINK_MS, LINK_PATH } from '../oauth/sign-in-links.ts';
import { type Command, type CommandContext, readWords, schoolTables } from './command.ts';
import { findPerson } from './find-person.ts';

export const qrCommand: Command = {
  synopsis: 'qr LOGIN [--svg FILE]',
  purpose: 'make a sign-in link that works once, and show it as a QR code; --svg also draws it into a file',
  run: makeQr,
};

async function makeQr(words: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = readWords(words, ['LOGIN'], { svg: { type: 'string' } });
  const user = await findPerson(context, positionals[0] ?? '');
  const secret = await issueSignInLink(schoolTables(context), context.clock, user.id);
  const link = `${context.origin}${LINK_PATH}/${secret}`;
  if (values.svg !== undefined) {
    // Whoever sees it is this person for a quarter of an hour.
    await writeFile(values.svg, encodeQR(link, 'svg', { border: 4 }), { mode: 0o600 });
    context.print(`Drawn into ${values.svg}.`);
  }
  for (const line of encodeQR(link, 'ascii', { border: 2 }).trimEnd().split('\n')) context.print(line);
  context.print(`Signs in as ${user.name}, once, within ${String(LINK_MS / 60_000)} minutes:`);
  context.print(link);
  if (/\/\/(localhost|127\.|\[::1\])/.test(link)) {
    context.print(
      'Only this computer can open that address. Set PUBLIC_URL to the one your tablets use, and try again.',
    );
  }
}
