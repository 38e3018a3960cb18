#!/usr/bin/env node
// The launcher: plain JavaScript that an old Node can read. Tillway needs Node 24, which comes with the project as a
// dependency; an older Node only has to start it. Signals and the exit code pass through.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findProjectNode, nodeMajorNeeded } from '../tools/project-node.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = fileURLToPath(new URL('../src/server/cli/main.ts', import.meta.url));

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

async function runHere() {
  const { runCommandLine } = await import(pathToFileURL(main).href);
  const { systemTerminal } = await import(new URL('../src/server/cli/terminal.ts', import.meta.url).href);
  process.exitCode = await runCommandLine(process.argv.slice(2), systemTerminal);
}

function runThere(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    // The child stops when this process is gone, also when nothing could be passed on to it.
    env: { ...process.env, TILLWAY_LAUNCHED: '1' },
  });
  // A Ctrl+C reaches the child from the terminal too; the child takes two of the same moment for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node ${nodeMajorNeeded} of the project cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (!existsSync(new URL('../node_modules', import.meta.url))) {
  fail(`Nothing is installed yet. Run "npm start" in ${root}, which installs what is missing; or "npm install" first.`);
} else if (Number(process.versions.node.split('.')[0]) >= nodeMajorNeeded) {
  await runHere();
} else {
  const node = findProjectNode(root);
  if (node === null) {
    fail(
      `Tillway needs Node ${nodeMajorNeeded} or newer; this is ${process.versions.node}, and the project's own is not there ` +
        `for ${process.platform} on ${process.arch}.\nRun "npm install" in ${root}, or install Node ${nodeMajorNeeded}.`,
    );
  } else runThere(node);
}
