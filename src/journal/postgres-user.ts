// Which user PostgreSQL runs as. It refuses to be root, with reason: so a root Tillway lends it an unprivileged user that the
// machine already has. No user is made.

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { JournalError } from './journal-error.ts';

export type RunAs = { readonly name: string; readonly ids: { readonly uid: number; readonly gid: number } };

const preferred = ['postgres', 'tillway', 'nobody', 'daemon'];

/** The user to start PostgreSQL as; `null` means as ourselves. Throws when root has none to lend. */
export async function chooseUser(dataOwnerUid: number | undefined): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null;
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  const ofData = users.find((user) => user.ids.uid === dataOwnerUid);
  const chosen = ofData ?? preferred.flatMap((name) => users.find((user) => user.name === name) ?? [])[0];
  if (chosen === undefined)
    throw new JournalError(
      'database-refused',
      'PostgreSQL does not run as root, and this machine has no user postgres, tillway, nobody or daemon to run it as. Start Tillway as another user, or set DATABASE_URL.',
    );
  return chosen;
}

export function parsePasswd(text: string): readonly RunAs[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    const ids = { uid: Number(uid), gid: Number(gid) };
    return /^\d+$/.test(uid) && /^\d+$/.test(gid) && ids.uid !== 0 ? [{ name, ids }] : [];
  });
}

/** Whether the user can get into a folder, asked of the machine itself: modes, groups and access lists all count. */
export function canEnter(runAs: RunAs, folder: string): boolean {
  const answer = spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { cwd: '/', stdio: 'ignore', ...runAs.ids });
  return answer.status === 0;
}
