// Configuration: the environment over tillway.config.json over the defaults, read once, checked whole, frozen. All problems
// are told together. Nothing but this file and the command line looks at the environment.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { durationMs } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { type Redacted, redact } from '#foundation/redacted.ts';
import { failure, invariant, type Result, success } from '#foundation/result.ts';
import { type ChannelName, type DeadlinePolicy, makePolicy } from '#payment/index.ts';
import { type EntryPath, type Environment, environmentEntries, otherNames, readText } from './config/environment.ts';
import { type ConfigFile, configFileSchema, entryNames } from './config/file-schema.ts';
import { readKeyFile } from './config/key-file.ts';
import { nearestName } from './config/nearest-name.ts';

/** A real Alipay gateway and who we are there. Keys are PEM: ours PKCS#8, Alipay's SPKI. */
export type AlipayGateway = {
  readonly url: string;
  /** `app_id` at the OpenAPI, client id at the global API. */
  readonly applicationId: string;
  readonly privateKey: Redacted<string>;
  readonly alipayPublicKey: string;
};

export type Config = {
  /** Absolute path of the folder that holds all state. */
  readonly home: string;
  readonly bindHost: string;
  /** Null: Tillway starts a PostgreSQL of its own. */
  readonly databaseUrl: Redacted<string> | null;
  /** Whether a demo device is made and the pages sign in by themselves. */
  readonly demo: boolean;
  readonly store: {
    readonly port: number;
    readonly name: string;
    readonly currency: Currency;
    readonly timeZone: string;
    readonly language: 'en' | 'zh-CN';
  };
  readonly sandbox: { readonly port: number };
  readonly alipay: {
    readonly channel: ChannelName;
    /** Null: the local sandbox stands in for Alipay. */
    readonly gateway: AlipayGateway | null;
    readonly notifyBaseUrl: string | null;
  };
  readonly deadline: DeadlinePolicy;
};

/** One setting as it is in force, for `tillway config`. Secrets are shown only as set or not set. */
export type SettingInForce = { readonly name: string; readonly value: string; readonly origin: string };

export type Reading = {
  readonly config: Config;
  readonly inForce: readonly SettingInForce[];
  /** What a person should know though it stops nothing. */
  readonly remarks: readonly string[];
};

/** The settings file as found: its path and its text. */
export type FoundFile = { readonly path: string; readonly text: string };

type Tree = Record<string, unknown>;
type Origins = Map<string, string>;

/** Finds the settings file: `TILLWAY_CONFIG`, else tillway.config.json in the working folder if there is one. */
export function findConfigFile(env: Environment, folder: string): Result<FoundFile | null, readonly string[]> {
  const named = env['TILLWAY_CONFIG'];
  const path = resolve(folder, named || 'tillway.config.json');
  if (!named && !existsSync(path)) return success(null);
  try {
    return success({ path, text: readFileSync(path, 'utf8') });
  } catch {
    return failure([
      `TILLWAY_CONFIG: the settings file ${path} cannot be read. Check the path, or unset the variable.`,
    ]);
  }
}

/** Reads every setting. Relative paths are taken from the file's folder when the file names them, else from `folder`. */
export function readConfig(
  env: Environment,
  file: FoundFile | null,
  folder: string,
): Result<Reading, readonly string[]> {
  const { slips, foreign } = sortUnknownNames(env);
  const problems: string[] = slips;
  const origins: Origins = new Map();
  const tree = file === null ? {} : readTree(file, problems);
  if (file !== null) noteOrigins(tree, file.path, origins);
  overlayEnvironment(tree, env, origins);
  const parsed = configFileSchema.safeParse(tree);
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => explain(issue, tree, origins, file)));
  // What is wrong by itself is set aside, so that the rest is still checked and everything is told in one go.
  const entries = parsed.success ? parsed.data : configFileSchema.parse(without(tree, parsed.error.issues));
  const deadline = makePolicy(ownFigures(entries.deadline ?? {}));
  if (!deadline.ok) problems.push(...deadline.failure.map((text) => `deadline: ${text}.`));
  const at = (path: string, text: string) => resolve(fromFile(path, origins, file) ?? folder, text);
  const gateway = readGateway(entries, origins, at, problems);
  if (problems.length > 0 || !deadline.ok) return failure(problems);
  const config = freeze(assemble(entries, gateway, deadline.value, at('home', entries.home ?? '.tillway')));
  return success({ config, inForce: listInForce(config, origins), remarks: foreign });
}

function assemble(entries: ConfigFile, gateway: AlipayGateway | null, deadline: DeadlinePolicy, home: string): Config {
  const currency = entries.store?.currency;
  return {
    home,
    bindHost: entries.bindHost ?? '127.0.0.1',
    databaseUrl: entries.databaseUrl === undefined ? null : redact(entries.databaseUrl),
    demo: entries.demo ?? true,
    store: {
      port: entries.store?.port ?? 8080,
      name: entries.store?.name ?? 'Tillway Demo Store',
      currency: currency ?? 'CNY',
      timeZone: entries.store?.timeZone ?? 'Asia/Shanghai',
      language: entries.store?.language ?? 'en',
    },
    sandbox: { port: entries.sandbox?.port ?? 8090 },
    alipay: {
      channel: entries.alipay?.channel ?? 'alipay-openapi',
      gateway,
      notifyBaseUrl: entries.alipay?.notifyBaseUrl ?? null,
    },
    deadline,
  };
}

// A name that is nearly a setting's is a slip, and a slip in a port or a key must stop the start. Any other belongs to somebody
// else's script and is only mentioned.
function sortUnknownNames(env: Environment): { readonly slips: string[]; readonly foreign: string[] } {
  const known: readonly string[] = [...Object.keys(environmentEntries), ...otherNames];
  const slips: string[] = [];
  const foreign: string[] = [];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('TILLWAY_') || known.includes(name)) continue;
    const meant = nearestName(name, known);
    if (meant === undefined) foreign.push(`${name} is not a setting and is ignored. See: tillway config`);
    else slips.push(`${name} is not a setting. Did you mean ${meant}?`);
  }
  return { slips, foreign };
}

function readTree(file: FoundFile, problems: string[]): Tree {
  try {
    const tree: unknown = JSON.parse(file.text);
    if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) return { ...tree };
    problems.push(`${file.path}: must hold a JSON object, such as {"store": {"port": 8080}}.`);
  } catch (error) {
    // Only the place is told: the parser's own words quote the file, which may hold the database's password.
    const place = /\(line \d+ column \d+\)/.exec(error instanceof Error ? error.message : '')?.[0];
    problems.push(`${file.path}: is not JSON${place === undefined ? '' : ` ${place}`}.`);
  }
  return {};
}

function noteOrigins(tree: Tree, path: string, origins: Origins, prefix = ''): void {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'object' && value !== null) noteOrigins({ ...value }, path, origins, `${prefix}${name}.`);
    else origins.set(`${prefix}${name}`, path);
  }
}

function overlayEnvironment(tree: Tree, env: Environment, origins: Origins): void {
  for (const [name, entry] of Object.entries(environmentEntries)) {
    const text = env[name];
    if (text === undefined || text === '') continue;
    setEntry(tree, entry.path, readText(text, entry.as));
    origins.set(entry.path.join('.'), name);
  }
}

function setEntry(tree: Tree, [first, second]: EntryPath, value: unknown): void {
  const inner = tree[first];
  if (second === undefined) tree[first] = value;
  else tree[first] = { ...(typeof inner === 'object' ? inner : {}), [second]: value };
}

function valueAt(tree: Tree, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    tree,
  );
}

function explain(issue: z.core.$ZodIssue, tree: Tree, origins: Origins, file: FoundFile | null): string[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = namesIn(issue.path);
    return issue.keys.map((key) => {
      const meant = nearestName(key, known);
      const full = path === '' ? key : `${path}.${key}`;
      return `${file?.path ?? 'settings'}: ${full} is not a setting.${meant === undefined ? ` Known here: ${known.join(', ')}.` : ` Did you mean ${meant}?`}`;
    });
  }
  const origin = origins.get(path);
  const where = origin === undefined || origin === file?.path ? `${file?.path ?? 'settings'}: ${path}` : origin;
  const value = valueAt(tree, issue.path);
  // An object's own message is Zod's ("expected object"); ours belong to the single entries.
  const rule =
    issue.code === 'invalid_type' && issue.expected === 'object' ? 'must be an object of settings' : issue.message;
  const shown = path === 'databaseUrl' ? '' : ` (it is ${JSON.stringify(value)})`;
  return [`${where} ${rule}${shown}.`];
}

function namesIn(path: readonly PropertyKey[]): readonly string[] {
  return entryNames[path.map(String).join('.')] ?? [];
}

function without(tree: Tree, issues: readonly z.core.$ZodIssue[]): Tree {
  const left = structuredClone(tree);
  for (const issue of issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path.at(-1) ?? '')];
    const holder = issue.code === 'unrecognized_keys' ? issue.path : issue.path.slice(0, -1);
    const within = valueAt(left, holder);
    if (typeof within === 'object' && within !== null) for (const name of names) Reflect.deleteProperty(within, name);
  }
  return left;
}

function fromFile(path: string, origins: Origins, file: FoundFile | null): string | undefined {
  return file !== null && origins.get(path) === file.path ? dirname(file.path) : undefined;
}

// With a gateway's address everything about it must be there; without one, keys would silently be unused.
function readGateway(
  entries: ConfigFile,
  origins: Origins,
  at: (path: string, text: string) => string,
  problems: string[],
): AlipayGateway | null {
  const { channel = 'alipay-openapi', gatewayUrl, appId, clientId, ...files } = entries.alipay ?? {};
  const applicationId = channel === 'alipay-openapi' ? appId : clientId;
  const needed: Record<string, string | undefined> = {
    gatewayUrl,
    [channel === 'alipay-openapi' ? 'appId' : 'clientId']: applicationId,
    privateKeyFile: files.privateKeyFile,
    alipayPublicKeyFile: files.alipayPublicKeyFile,
  };
  const names = Object.keys(needed);
  // An entry that is there but wrong has an origin and has been told already.
  const missing = names.filter((name) => needed[name] === undefined && !origins.has(`alipay.${name}`));
  if (missing.length === names.length) return null;
  problems.push(...missing.map((name) => missingEntry(name, channel)));
  const own = readKeyEntry('privateKeyFile', 'private', files.privateKeyFile, origins, at, problems);
  const theirs = readKeyEntry('alipayPublicKeyFile', 'public', files.alipayPublicKeyFile, origins, at, problems);
  if (own !== undefined && own.fingerprint === theirs?.fingerprint) {
    problems.push(
      `${nameOf('alipayPublicKeyFile', origins)}: holds the public half of your own key. ` +
        "Take Alipay's public key from the console, where you uploaded yours.",
    );
  }
  if (gatewayUrl === undefined || applicationId === undefined || own === undefined || theirs === undefined) return null;
  return {
    url: gatewayUrl,
    applicationId,
    privateKey: redact(own.key.export({ type: 'pkcs8', format: 'pem' }).toString()),
    alipayPublicKey: theirs.key.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function missingEntry(name: string, channel: ChannelName): string {
  const variable = Object.entries(environmentEntries).find(
    ([, entry]) => entry.path.join('.') === `alipay.${name}`,
  )?.[0];
  return `alipay.${name} is missing: a real Alipay gateway by ${channel} needs it. Set it in the file, or as ${variable}.`;
}

function nameOf(entry: string, origins: Origins): string {
  const origin = origins.get(`alipay.${entry}`);
  return origin !== undefined && Object.hasOwn(environmentEntries, origin) ? origin : `alipay.${entry}`;
}

function readKeyEntry(
  entry: 'privateKeyFile' | 'alipayPublicKeyFile',
  kind: 'private' | 'public',
  text: string | undefined,
  origins: Origins,
  at: (path: string, text: string) => string,
  problems: string[],
) {
  if (text === undefined) return undefined;
  const name = nameOf(entry, origins);
  const read = readKeyFile(at(`alipay.${entry}`, text));
  if (!read.ok) {
    problems.push(`${name}: ${read.failure}`);
    return undefined;
  }
  if (read.value.kind !== kind) {
    problems.push(`${name}: ${text} holds a ${read.value.kind} key; a ${kind} key is expected.`);
    return undefined;
  }
  return read.value;
}

function ownFigures(entries: NonNullable<ConfigFile['deadline']>): Partial<DeadlinePolicy> {
  const set = Object.entries(entries).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(set.map(([name, ms]) => [name, durationMs(ms)]));
}

function freeze(config: Config): Config {
  for (const value of Object.values(config)) if (typeof value === 'object' && value !== null) Object.freeze(value);
  return Object.freeze(config);
}

const secretEntries: readonly string[] = ['databaseUrl'];

function shownValue(name: string, value: unknown): string {
  if (value === null) return 'not set';
  if (secretEntries.includes(name)) return 'set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listInForce(config: Config, origins: Origins): readonly SettingInForce[] {
  const { gateway, ...alipay } = config.alipay;
  const shown: Tree = { ...config, alipay: { ...alipay, gatewayUrl: gateway?.url ?? null } };
  const rows = Object.entries(shown).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !('reveal' in value)
      ? Object.entries(value).map(([inner, own]) => [`${name}.${inner}`, own])
      : [[name, value]],
  );
  if (gateway !== null) {
    rows.push([alipay.channel === 'alipay-openapi' ? 'alipay.appId' : 'alipay.clientId', gateway.applicationId]);
    rows.push(['alipay.privateKeyFile', 'a private key'], ['alipay.alipayPublicKeyFile', 'a public key']);
  }
  return rows.map(([name, value]) => ({
    name,
    value: shownValue(name, value),
    origin: origins.get(name) ?? 'default',
  }));
}

/** The default port's setting, for messages about a taken port. */
export function portSetting(process: 'store' | 'sandbox'): string {
  const found = Object.entries(environmentEntries).find(([, entry]) => entry.path.join('.') === `${process}.port`);
  invariant(found !== undefined, 'every process with a port has a setting for it');
  return found[0];
}
