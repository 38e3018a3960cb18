// The door of the sandbox: a local Alipay that any team's integration can be tried against.

export type { SandboxCredentials, SandboxKeys } from './keys.ts';
export type { SandboxSettings, SettingsPatch } from './settings.ts';
export { type RunningSandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts';
