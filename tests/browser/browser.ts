// Finds a browser and starts it. On Linux x64 it comes with the project as an npm package, with the few libraries and the font that
// a bare machine lacks, so that a machine with Node alone can run the journeys; elsewhere the machine's own Chromium or Chrome is
// taken. TILLWAY_BROWSER names another one.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

// It talks to this machine only, and to nobody by itself.
const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages that are not in front are still tills and wallets in somebody's hand.
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
];

type Program = { readonly path: string; readonly env: Readonly<Record<string, string>> };

/** A browser crashes at its start now and then (seen once in a hundred); that says nothing about our pages. */
const startsMax = 3;

/** Starts a headless browser. Close it when done. Throws with a sentence when this machine has none. */
export async function startBrowser(): Promise<Browser> {
  const { path, env } = await findProgram();
  for (let starts = 1; ; starts += 1) {
    try {
      return await chromium.launch({ executablePath: path, args: quietly, env: { ...plainEnvironment(), ...env } });
    } catch (trouble) {
      if (starts === startsMax) throw trouble;
    }
  }
}

/**
 * Starts a headless browser on a profile folder: what its pages store is on the disk, as in a shop, and there at the next start.
 * Closing the context ends the browser.
 */
export async function startProfile(folder: string): Promise<BrowserContext> {
  const { path, env } = await findProgram();
  const options = { executablePath: path, args: quietly, env: { ...plainEnvironment(), ...env } };
  return await chromium.launchPersistentContext(folder, options);
}

function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

async function findProgram(): Promise<Program> {
  const named = process.env['TILLWAY_BROWSER'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return { path: named, env: {} };
    throw new Error(`TILLWAY_BROWSER names ${named}, and there is no such file.`);
  }
  if (process.platform === 'linux' && process.arch === 'x64') return await packagedProgram();
  const path = usualPlaces().find((place) => existsSync(place));
  if (path !== undefined) return { path, env: {} };
  throw new Error(
    'The browser tests found no browser on this machine: install Chromium or Chrome, or name one in TILLWAY_BROWSER.',
  );
}

function usualPlaces(): readonly string[] {
  if (process.platform === 'darwin')
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ];
  if (process.platform === 'win32')
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
      const folder = process.env[name];
      if (folder === undefined) return [];
      return [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ];
    });
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];
}

// @see node_modules/@sparticuz/chromium/README.md: made for AWS Lambda, and runs on any Linux x64 with glibc.
async function packagedProgram(): Promise<Program> {
  const folder = await unpackedFolder();
  const path = join(folder, 'chromium');
  const env = { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  if (await starts(path, env)) return { path, env };
  const withLibraries = { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  if (await starts(path, withLibraries)) return { path, env: withLibraries };
  throw new Error(`The browser in ${folder} does not start on this machine. Name another one in TILLWAY_BROWSER.`);
}

async function starts(path: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  return await run(path, ['--version'], { env: { ...plainEnvironment(), ...env }, timeout: 30_000 }).then(
    () => true,
    () => false,
  );
}

/** Where the package lies unpacked. Made once, whole or not at all: test processes may come here at the same time. */
async function unpackedFolder(): Promise<string> {
  const about: { version: string } = JSON.parse(
    await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'),
  );
  const place = join(root, 'node_modules/.cache/tillway-browser');
  const folder = join(place, about.version);
  if (existsSync(folder)) return folder;
  await mkdir(place, { recursive: true });
  const partial = await mkdtemp(join(place, 'partial-'));
  try {
    await unpack(partial);
    await writeFile(join(partial, 'fonts.conf'), fontSettings(join(folder, 'fonts')));
    await chmod(partial, 0o755);
    await rename(partial, folder).catch((error: unknown) => {
      // Another process was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

// The package unpacks into the folder for temporary files, and its libraries only where it believes itself in AWS Lambda; so it is
// told both, in a process of its own.
async function unpack(folder: string): Promise<void> {
  const program = "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
  await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env: { ...plainEnvironment(), TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    timeout: 120_000,
  });
}

function fontSettings(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${fonts}</dir>
  <cachedir>${fonts}-cache</cachedir>
</fontconfig>
`;
}
