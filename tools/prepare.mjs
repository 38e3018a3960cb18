// Runs before `npm start` and `npm test`: installs what is missing, and builds the screens when their sources have changed.
// Plain JavaScript for Node 18 and newer, with nothing but Node itself: it runs before anything is installed.
//
//   node tools/prepare.mjs [start|test]

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProjectNode, nodeMajorNeeded } from './project-node.mjs';

/** Trouble with a sentence for the person at the terminal. */
export class PrepareTrouble extends Error {}

const installStamp = 'node_modules/.tillway-install';
const screensFolder = 'dist/screens';
const screensStamp = 'source-hash';
const screenSources = [
  'src/screens',
  'src/catalog',
  'src/checkout',
  'src/promotion',
  'src/foundation',
  'src/server/contract',
];

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

function lockHash(root) {
  const lock = readText(join(root, 'package-lock.json'));
  if (lock === null) throw new PrepareTrouble('package-lock.json is missing: this is not a whole checkout of Tillway.');
  return hashOf(lock);
}

/**
 * What an install lacks: `nothing`, `development` packages only, or `something` else. npm writes down what it installed, so an
 * install that was made by hand is recognised too.
 */
export function missingFromInstall(root) {
  const wanted = JSON.parse(readText(join(root, 'package-lock.json'))).packages;
  const hidden = readText(join(root, 'node_modules/.package-lock.json'));
  if (hidden === null) return 'something';
  const installed = JSON.parse(hidden).packages;
  let lacking = 'nothing';
  for (const [path, entry] of Object.entries(wanted)) {
    // The entry without a path is the project itself; an optional package is only there on the platform it is for.
    if (path === '' || installed[path]?.version === entry.version) continue;
    if (entry.optional && installed[path] === undefined) continue;
    if (!entry.dev && !entry.devOptional) return 'something';
    lacking = 'development';
  }
  return lacking;
}

/** Whether npm must install. `purpose` is `start` or `test`: only the latter needs the development packages at once. */
export function installIsStale(root, purpose) {
  const stamp = readText(join(root, installStamp));
  const hash = lockHash(root);
  if (stamp === hash) return false;
  const lacking = missingFromInstall(root);
  if (lacking === 'nothing') {
    writeFileSync(join(root, installStamp), hash);
    return false;
  }
  return lacking === 'something' || purpose === 'test';
}

function filesUnder(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesUnder(path));
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) found.push(path);
  }
  return found.sort((left, right) => (left < right ? -1 : 1));
}

/** A hash over all that the built screens are made from. */
export function screensHash(root) {
  const hash = createHash('sha256');
  hash.update(readText(join(root, 'package-lock.json')) ?? '');
  for (const source of screenSources) {
    const folder = join(root, source);
    if (!existsSync(folder)) continue;
    for (const path of filesUnder(folder)) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path));
  }
  return hash.digest('hex');
}

export function screensAreStale(root) {
  return readText(join(root, screensFolder, screensStamp)) !== screensHash(root);
}

/** The machine's npm: the one that runs us when there is one, else the one on the path. */
function npmCommand(env) {
  const own = env.npm_execpath;
  if (own !== undefined && /\.c?js$/.test(own) && existsSync(own)) return { program: process.execPath, before: [own] };
  return { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', before: [] };
}

// Not `npm ci`: that refuses a lock file which does not list the binaries of every platform, and npm writes only those that it
// installed (https://github.com/npm/cli/issues/4828). With --no-save the lock is obeyed and left as it is.
const installArguments = ['install', '--no-save', '--include=dev', '--include=optional', '--loglevel=error'];

function install(root, run, say) {
  say('Installing what is missing (npm install, about half a minute) …');
  const npm = npmCommand(process.env);
  // The development packages hold what builds the screens and tests the whole; NODE_ENV=production would leave them out.
  const code = run(npm.program, [...npm.before, ...installArguments], root);
  if (code !== 0) {
    throw new PrepareTrouble(
      `npm install ended with code ${code}; what it said stands above. Most often the registry cannot be reached: see ` +
        '"npm ping" and "npm config get registry". Then run the same command again.',
    );
  }
  if (missingFromInstall(root) !== 'nothing') {
    throw new PrepareTrouble(
      'npm installed other versions than package-lock.json names. Was package.json changed without it? Run "npm install" by ' +
        'hand, which brings the two together, and look at what changed.',
    );
  }
  writeFileSync(join(root, installStamp), lockHash(root));
}

function expectNode(root) {
  if (findProjectNode(root) !== null || Number(process.versions.node.split('.')[0]) >= nodeMajorNeeded) return;
  throw new PrepareTrouble(
    `Node ${nodeMajorNeeded} came with the project for other platforms, but not for ${process.platform} on ${process.arch}, and ` +
      `this is Node ${process.versions.node}. Install Node ${nodeMajorNeeded} or newer and run the same command again.`,
  );
}

function buildScreens(root, run, say) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite)) {
    throw new PrepareTrouble(
      'The screens have changed and must be built, and vite, which builds them, is a development package that is not ' +
        'installed. Run "npm install --include=dev"; or bring dist/screens from a machine that has built it.',
    );
  }
  say('Building the screens …');
  const hash = screensHash(root);
  // Built aside and moved into place whole: a server that runs, or a build that breaks off, never sees half of it.
  const aside = join(root, `dist/.screens-${process.pid}`);
  const old = `${aside}-old`;
  try {
    const arguments_ = [vite, 'build', '--config', 'src/screens/vite.config.ts', '--outDir', aside, '--emptyOutDir'];
    const node = findProjectNode(root) ?? process.execPath;
    const code = run(node, [...arguments_, '--logLevel', 'warn'], root);
    if (code !== 0)
      throw new PrepareTrouble(`Building the screens ended with code ${code}; what is wrong stands above.`);
    writeFileSync(join(aside, screensStamp), `${hash}`);
    if (existsSync(join(root, screensFolder))) renameSync(join(root, screensFolder), old);
    renameSync(aside, join(root, screensFolder));
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

function runProgram(program, arguments_, folder) {
  // npm.cmd is a batch file, which Windows only starts through its shell.
  const shell = program.endsWith('.cmd');
  const { status, error } = spawnSync(program, arguments_, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell,
  });
  if (error !== undefined) throw new PrepareTrouble(`${program} cannot be started: ${error.message}`);
  return status ?? 1;
}

/**
 * The scripts of package.json begin with `exec`, so that no shell stands between npm and the program: a shell keeps the signals that
 * npm passes on (dash waits with SIGINT, and dies of SIGTERM alone). Windows has no `exec`, so there it is made.
 */
export function provideExec(root, platform = process.platform) {
  if (platform === 'win32') writeFileSync(join(root, 'node_modules/.bin/exec.cmd'), '@%*\r\n');
}

/** Does what is needed and nothing else. `run` starts a program and answers its exit code; tests pass another. */
export function prepare(root, purpose, run = runProgram, say = (line) => process.stderr.write(`${line}\n`)) {
  if (installIsStale(root, purpose)) install(root, run, say);
  expectNode(root);
  provideExec(root);
  if (!screensAreStale(root)) return;
  // An install without the development packages is enough to start from built screens, but not to build them.
  if (missingFromInstall(root) === 'development') install(root, run, say);
  mkdirSync(join(root, 'dist'), { recursive: true });
  buildScreens(root, run, say);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    prepare(
      fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, ''),
      process.argv[2] === 'test' ? 'test' : 'start',
    );
  } catch (error) {
    if (!(error instanceof PrepareTrouble)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
