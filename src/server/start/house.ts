// The whole house under one supervisor: PostgreSQL, the Alipay sandbox and the store server, started in this order and stopped
// in the opposite one. When all are ready run.json tells where they are.

import { join } from 'node:path';
import { roles } from '#checkout/index.ts';
import { type Clock, formatInstant } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import { type AlipayGateway, type Config, portSetting } from '../config.ts';
import { demoPeople } from '../people/demo-people.ts';
import { storeConfig } from '../store-settings.ts';
import { type ChildPlan, type KeptChild, keepChild } from './kept-child.ts';
import { plainGateway, type SandboxOrder, type StoreOrder } from './orders.ts';
import { expectFreePort } from './port-check.ts';
import type { RestartPolicy } from './restart-policy.ts';
import {
  type Run,
  removeRunFile,
  type SandboxCredentials,
  sandboxCredentialsSchema,
  writeRunFile,
} from './run-file.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { type HomeSecrets, openSecrets } from './secrets.ts';
import { Stack } from './stack.ts';
import { StartTrouble } from './start-trouble.ts';
import { takeHome } from './take-home.ts';

export type HouseTools = {
  readonly clock: Clock;
  readonly log: Log;
  readonly restart: RestartPolicy;
  /** Entry files of the two processes. */
  readonly entries: { readonly sandbox: string; readonly store: string };
  startDatabase(home: string): Promise<{ readonly url: string; close(): Promise<void> }>;
  say(line: string): void;
};

export type House = {
  readonly run: Run;
  /** Resolves with a text when a process had to be given up; the house should then be closed. */
  readonly givenUp: Promise<string>;
  /** Stops everything, store first. */
  close(): Promise<readonly string[]>;
  /** Ends every process at once. */
  kill(): void;
};

const readyWithinMs = 90_000;
const stopWithinMs = 10_000;
// A killed supervisor's processes need a moment to notice and to give up their ports.
const portPatienceMs = 5_000;

type Building = {
  readonly config: Config;
  readonly tools: HouseTools;
  readonly signal: AbortSignal;
  readonly stack: Stack;
  giveUp(text: string): void;
};

/**
 * Starts the house. Throws StartTrouble when a part cannot start or `signal` aborts; what had been started is then stopped.
 */
export async function openHouse(config: Config, tools: HouseTools, signal: AbortSignal): Promise<House> {
  const stack = new Stack();
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<string>();
  try {
    const run = await build({ config, tools, signal, stack, giveUp });
    return {
      run,
      givenUp,
      close() {
        removeRunFile(config.home);
        return stack.close();
      },
      kill() {
        removeRunFile(config.home);
        stack.kill();
      },
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function build(building: Building): Promise<Run> {
  const { config, tools, stack } = building;
  const lock = takeHome(config.home, formatInstant(tools.clock.now()));
  stack.add({ name: 'lock', close: async () => lock.release(), kill: () => lock.release() });
  const unclean = removeRunFile(config.home);
  if (unclean) tools.say('The last run in this home was ended without a goodbye; taking over.');
  await checkPorts(building, unclean ? portPatienceMs : 0);
  const secrets = openSecrets(config.home);
  const databaseUrl = await openDatabase(building);
  goOn(building);
  const sandbox = config.alipay.gateway === null ? await openSandbox(building) : null;
  goOn(building);
  const gateway = config.alipay.gateway ?? sandbox?.gateway;
  if (gateway === undefined) throw new StartTrouble('Neither a gateway nor a sandbox stands for Alipay.');
  const store = await openStore(building, databaseUrl, gateway, sandbox?.child.url ?? null);
  goOn(building);
  const run: Run = {
    store: { url: store.url, ...(config.demo ? demoAccess(secrets) : {}) },
    ...(sandbox === null ? {} : { sandbox: { url: sandbox.child.url, ...sandbox.credentials } }),
  };
  writeRunFile(config.home, run);
  return run;
}

function demoAccess({ demoApiKey, demoPins }: HomeSecrets): Pick<NonNullable<Run['store']>, 'apiKey' | 'people'> {
  const people = roles.map((role) => {
    const { id: personId, name } = demoPeople[role];
    return { personId, name, role, pin: demoPins[role].reveal() };
  });
  return { apiKey: demoApiKey.reveal(), people };
}

function goOn(building: Building): void {
  if (building.signal.aborted) throw new StartTrouble('The start was broken off.');
}

async function checkPorts({ config, tools }: Building, patienceMs: number): Promise<void> {
  const check = (name: string, setting: string, port: number) =>
    expectFreePort(name, setting, config.bindHost, port, tools.clock, patienceMs);
  await check('store server', portSetting('store'), config.store.port);
  if (config.alipay.gateway === null) await check('Alipay sandbox', portSetting('sandbox'), config.sandbox.port);
}

async function openDatabase({ config, tools, stack }: Building): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl.reveal();
  tools.say('Starting PostgreSQL …');
  const database = await tools.startDatabase(config.home);
  stack.add({
    name: 'PostgreSQL',
    close: () => database.close(),
    // Only a fast shutdown exists: it is quick, and the next start recovers from anything else.
    kill: () => void database.close(),
  });
  return database.url;
}

async function keep(building: Building, plan: Omit<ChildPlan, 'logPath'>): Promise<KeptChild> {
  const { config, tools, signal, stack, giveUp } = building;
  const logPath = join(config.home, 'logs', `${plan.name}.log`);
  const keeping = { ...tools, readyWithinMs, stopWithinMs, giveUp };
  const child = await keepChild({ ...plan, logPath }, keeping, signal);
  stack.add({ name: plan.name, close: () => child.close(), kill: () => child.kill() });
  return child;
}

type OpenSandbox = {
  readonly child: KeptChild;
  readonly credentials: SandboxCredentials;
  readonly gateway: AlipayGateway;
};

async function openSandbox(building: Building): Promise<OpenSandbox> {
  const { config, tools } = building;
  tools.say('Starting the Alipay sandbox …');
  const child = await keep(building, {
    name: 'sandbox',
    entry: tools.entries.sandbox,
    port: config.sandbox.port,
    readyPath: '/healthz',
    order: (port): SandboxOrder => ({ kind: 'sandbox', host: config.bindHost, port, home: config.home }),
  });
  const credentials = sandboxCredentialsSchema.parse(child.details);
  return { child, credentials, gateway: sandboxGateway(config.alipay.channel, child.url, credentials) };
}

async function openStore(
  building: Building,
  databaseUrl: string,
  gateway: AlipayGateway,
  sandboxUrl: string | null,
): Promise<KeptChild> {
  const { config, tools } = building;
  tools.say('Starting the store server …');
  const { bindHost: host, home } = config;
  const fixed = { kind: 'store', host, home, databaseUrl, sandboxUrl } as const;
  return keep(building, {
    name: 'store',
    entry: tools.entries.store,
    port: config.store.port,
    readyPath: '/readyz',
    order: (port): StoreOrder => ({ ...fixed, port, config: storeConfig(config), gateway: plainGateway(gateway) }),
  });
}
