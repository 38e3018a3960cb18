// The PostgreSQL of our own, in the situations that a machine brings: root and not, a home that only root may enter, a killed
// parent, a killed server, leftovers, two Tillways on one home. Real servers throughout.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Log } from '#foundation/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { findPostgres } from './postgres-program.ts';
import { chooseUser, parsePasswd } from './postgres-user.ts';

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];
after(async () => {
  // Closing twice is nothing; a test that failed half-way has not closed at all.
  for (const server of servers) await server.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder that others may pass through (0711), or that only we may enter (0700). */
async function makeFolder(mode: 0o700 | 0o711): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tillway-embedded-'));
  await chmod(folder, mode);
  folders.push(folder);
  return folder;
}

// Tests that leave a home as they found it share one, for the first start is the slow one.
const sharedHome = await makeFolder(0o711);

const events: string[] = [];
const log: Log = {
  event(name) {
    events.push(name);
  },
};

async function start(home: string, far: readonly string[] = [], durable = false): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, log, durable, farFolders: far });
  servers.push(server);
  return server;
}

async function query(url: string, text: string): Promise<readonly unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

const note = "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept 留')";

async function postmaster(server: { readonly dataFolder: string }): Promise<number> {
  return Number((await readFile(join(server.dataFolder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function untilGone(pid: number): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(25);
  }
  assert.fail(`process ${pid} did not end`);
}

test('data outlives a restart, in UTF-8 and byte order, behind a password, on 127.0.0.1 only', async () => {
  const first = await start(sharedHome);
  await query(first.url, note);
  const shown =
    "SELECT current_setting('server_encoding'), datcollate, current_setting('listen_addresses') FROM pg_database WHERE datname = current_database()";
  assert.deepEqual(await query(first.url, shown), [['UTF8', 'C', '127.0.0.1']]);
  const stranger = new URL(first.url);
  stranger.password = 'guess';
  await assert.rejects(query(stranger.href, 'SELECT 1'), { code: '28P01' });
  await first.close();
  const second = await start(sharedHome);
  assert.deepEqual(await query(second.url, 'SELECT text FROM note'), [['kept 留']]);
  assert.equal(second.url, first.url);
  await second.close();
});

test('a second Tillway on the same home is refused and disturbs nothing', async () => {
  const first = await start(sharedHome);
  await assert.rejects(start(sharedHome), {
    code: 'database-refused',
    message: /Another Tillway \(process \d+\) runs on/,
  });
  assert.deepEqual(await query(first.url, 'SELECT 1'), [[1]]);
  await first.close();
});

test('a server that is killed comes back on the same address with what was committed', async () => {
  // Durable, unlike the others: without it a commit may be lost with the server, and rightly so.
  const server = await start(await makeFolder(0o711), [], true);
  await query(server.url, note);
  process.kill(await postmaster(server), 'SIGKILL');
  for (let tries = 0; ; tries += 1) {
    const rows = await query(server.url, 'SELECT text FROM note').catch(() => undefined);
    if (rows !== undefined) {
      assert.deepEqual(rows, [['kept 留']]);
      break;
    }
    assert.ok(tries < 200, 'the server did not come back');
    await sleep(50);
  }
  assert.ok(events.includes('journal.postgres.ended'));
  await server.close();
});

test('a Tillway that is killed leaves no server behind, and the next one goes on with the data', async () => {
  const home = await makeFolder(0o711);
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)};
    const server = await startEmbeddedPostgres({ home: process.argv[1], log: { event() {} }, durable: false });
    console.log(JSON.stringify({ url: server.url, dataFolder: server.dataFolder }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const started: { url: string; dataFolder: string } = JSON.parse(String(line));
  await query(started.url, note);
  const pid = await postmaster(started);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // At once, while the old server is still on its way out.
  const next = await start(home);
  await untilGone(pid);
  assert.deepEqual(await query(next.url, 'SELECT text FROM note'), [['kept 留']]);
  await next.close();
});

test('a pid file from before a restart of the machine does not stand in the way', async () => {
  const first = await start(sharedHome);
  await first.close();
  // The number now belongs to something else: here, to this very test.
  const lines = [process.pid, first.dataFolder, 1, 5432, '', '127.0.0.1', '', 'ready'];
  await writeFile(join(first.dataFolder, 'postmaster.pid'), `${lines.join('\n')}\n`);
  const second = await start(sharedHome);
  assert.deepEqual(await query(second.url, 'SELECT 1'), [[1]]);
  await second.close();
});

test('a home whose record was lost gets a new password and keeps its data', async () => {
  const first = await start(sharedHome);
  await query(first.url, "INSERT INTO note VALUES ('too')");
  await first.close();
  await unlink(join(sharedHome, 'postgres.json'));
  const second = await start(sharedHome);
  assert.notEqual(new URL(second.url).password, new URL(first.url).password);
  assert.deepEqual(await query(second.url, 'SELECT text FROM note'), [['kept 留'], ['too']]);
  await second.close();
});

test('data of another PostgreSQL version is refused with what to do', async () => {
  const first = await start(sharedHome);
  await first.close();
  await writeFile(join(first.dataFolder, 'PG_VERSION'), '15\n');
  await assert.rejects(start(sharedHome), { code: 'database-refused', message: /written by PostgreSQL 15.*pg_dump/ });
  await writeFile(join(first.dataFolder, 'PG_VERSION'), '18\n');
});

test('a first start that was cut off begins anew', async () => {
  const home = await makeFolder(0o711);
  await mkdir(join(home, 'postgres', 'data.new', 'half'), { recursive: true });
  if (isRoot) await chown(join(home, 'postgres'), 65534, 65534);
  const server = await start(home);
  assert.deepEqual(await query(server.url, 'SELECT 1'), [[1]]);
  await server.close();
});

test('as root, a home that only root may enter has its data elsewhere and says where', { skip: !isRoot }, async () => {
  const [home, far] = [await makeFolder(0o700), await makeFolder(0o711)];
  const places = [join(far, 'tillway')];
  events.length = 0;
  const first = await start(home, places);
  assert.ok(events.includes('journal.postgres.placed-elsewhere'));
  assert.ok(first.dataFolder.startsWith(far));
  const record = JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8'));
  assert.equal(record.folder, dirname(first.dataFolder));
  await query(first.url, note);
  await first.close();
  const second = await start(home, places);
  assert.deepEqual(await query(second.url, 'SELECT text FROM note'), [['kept 留']]);
  await second.close();
  // A home that was made anew starts afresh, and the old data is set aside.
  await unlink(join(home, 'postgres.json'));
  const third = await start(home, places);
  await assert.rejects(query(third.url, 'SELECT text FROM note'), { code: '42P01' });
  await third.close();
  assert.equal((await readdir(places[0] ?? '')).filter((name) => name.includes('.before-')).length, 1);
  // The next home that is placed there sweeps what a temporary home left behind, and nothing else.
  await rm(home, { recursive: true });
  const other = await start(await makeFolder(0o700), places);
  await other.close();
  const left = (await readdir(places[0] ?? '')).toSorted();
  assert.equal(left.length, 2);
  assert.ok(left.some((name) => name.includes('.before-')) && left.includes(basename(dirname(other.dataFolder))));
});

test('without anywhere that its user can reach, it says so and what to do', { skip: !isRoot }, async () => {
  const home = await makeFolder(0o700);
  await assert.rejects(start(home, [join(home, 'far')]), {
    code: 'database-refused',
    message: /can reach neither .* Move TILLWAY_HOME/,
  });
});

test('as another user than root, everything lies in the home', { skip: !isRoot }, async () => {
  const home = await makeFolder(0o700);
  const nobody = parsePasswd(await readFile('/etc/passwd', 'utf8')).find((user) => user.name === 'nobody');
  assert.ok(nobody !== undefined);
  await chown(home, nobody.ids.uid, nobody.ids.gid);
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)};
    const server = await startEmbeddedPostgres({ home: process.argv[1], log: { event() {} }, durable: false });
    console.log(server.dataFolder);
    await server.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    ...nobody.ids,
  });
  const [line] = await once(child.stdout, 'data');
  assert.equal(String(line).trim(), join(home, 'postgres', 'data'));
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.exitCode, 0);
});

test('programs that npm left without links, where their user cannot go, are copied and mended', {
  skip: !isRoot,
}, async () => {
  const [locked, far] = [await makeFolder(0o700), await makeFolder(0o711)];
  const own = join(
    dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
    '..',
    'native',
  );
  const folder = join(locked, 'native');
  await cp(own, folder, { recursive: true, verbatimSymlinks: true });
  const links: { target: string }[] = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8'));
  for (const { target } of links) await rm(join(locked, target), { force: true });
  const runAs = await chooseUser(undefined);
  const program = await findPostgres(runAs, [far], folder);
  assert.ok(program.initdb.startsWith(far));
  assert.match(program.version, /^18\./);
  assert.deepEqual(await findPostgres(runAs, [far], folder), program);
});
