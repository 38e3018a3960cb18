// Types of prepare.mjs, which is plain JavaScript because an old Node runs it before anything is installed.

export class PrepareTrouble extends Error {}
export function missingFromInstall(root: string): 'nothing' | 'development' | 'something';
export function installIsStale(root: string, purpose: 'start' | 'test'): boolean;
export function screensHash(root: string): string;
export function screensAreStale(root: string): boolean;
export function provideExec(root: string, platform?: string): void;
export function prepare(
  root: string,
  purpose: 'start' | 'test',
  run?: (program: string, args: readonly string[], folder: string) => number,
  say?: (line: string) => void,
): void;
