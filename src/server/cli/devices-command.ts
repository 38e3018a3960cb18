// `tillway devices`: who may call the API. A device is made with a key that is shown once and kept as a hash only; it is revoked for good.

import { randomBytes } from 'node:crypto';
import { type MerchantId, makeId } from '#foundation/id.ts';
import type { Directory, ListedDevice } from '#journal/index.ts';
import { systemClock, systemRandom } from '../ambient.ts';
import type { Config } from '../config.ts';
import { hashApiKey } from '../http/authenticate.ts';
import { merchantOf, ownMerchants } from '../own-merchant.ts';
import { withDirectory } from './home-directory.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

export type AddDevice = {
  readonly name: string;
  /** Name of its store; the one of the settings when absent. A store that is not there yet is made. */
  readonly store: string | undefined;
};

/** Prints the new key, and nothing else, as its result. */
export async function addDevice(options: AddDevice, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const { config } = reading;
  const key = `tw_${randomBytes(32).toString('base64url')}`;
  const added = await withDirectory(config, (directory) => add(directory, options, config, hashApiKey(key)));
  if (!added.ok) return tell(terminal, added.failure);
  const { device, store, isNewStore } = added.value;
  terminal.out(key);
  if (isNewStore) terminal.note(`Made the store "${store.name}" (${store.currency}, ${store.timeZone}).`);
  terminal.note(
    `Made the device "${device.name}" (${device.id}) of the store "${store.name}". Its key is above and is not`,
  );
  terminal.note(
    'shown again: send it as "Authorization: Bearer <key>", or type it into the till page of that browser.',
  );
  return exitCode.done;
}

async function add(directory: Directory, options: AddDevice, config: Config, apiKeyHash: string) {
  const name = options.store ?? config.store.name;
  const known = (await listAll(directory)).find((device) => device.storeName === name);
  const now = systemClock.now();
  const random = systemRandom();
  const merchantId: MerchantId = known?.merchantId ?? merchantOf(config);
  // A store that is there keeps its currency and time zone, whatever the settings say by now.
  const { currency, timeZone } = known ?? config.store;
  const store = { id: known?.storeId ?? makeId('store', now, random), name, currency, timeZone };
  const device = { id: makeId('device', now, random), name: options.name };
  await directory.ensureStore({ merchant: { id: merchantId, name: config.store.name }, store, device, apiKeyHash });
  return { device, store, isNewStore: known === undefined };
}

/** Lists every device, revoked ones too. */
export async function listDevices(options: { readonly json: boolean }, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const listed = await withDirectory(reading.config, listAll);
  if (!listed.ok) return tell(terminal, listed.failure);
  const devices = listed.value;
  if (options.json) {
    const rows = devices.map(({ deviceId, name, storeName, currency, revokedAt }) => {
      return { deviceId, name, storeName, currency, revoked: revokedAt !== null };
    });
    terminal.out(JSON.stringify(rows));
    return exitCode.done;
  }
  if (devices.length === 0) terminal.note('There is no device yet. Make one with: tillway devices add "Till 1"');
  for (const line of table(devices)) terminal.out(line);
  return exitCode.done;
}

function table(devices: readonly ListedDevice[]): readonly string[] {
  const rows = devices.map(({ deviceId, name, storeName, revokedAt }) => {
    return [deviceId, name, storeName, revokedAt === null ? 'in use' : 'revoked'];
  });
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** Ends the right of a device to call; a server that knows its key forgets it within five seconds. */
export async function revokeDevice(id: string, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const revoked = await withDirectory(reading.config, async (directory) => {
    const device = (await listAll(directory)).find(({ deviceId }) => deviceId === id);
    const done = device !== undefined && (await directory.revokeDevice(device.merchantId, device.deviceId));
    return { device, done };
  });
  if (!revoked.ok) return tell(terminal, revoked.failure);
  const { device, done } = revoked.value;
  if (device === undefined) return tell(terminal, `There is no device ${id}. See them with: tillway devices list`);
  if (!done) return tell(terminal, `The device "${device.name}" (${id}) was revoked before.`);
  terminal.out(
    `Revoked "${device.name}" (${id}): its key is refused within five seconds. Payments that it began end as always.`,
  );
  return exitCode.done;
}

async function listAll(directory: Directory): Promise<readonly ListedDevice[]> {
  const lists = await Promise.all(ownMerchants.map((merchantId) => directory.listDevices(merchantId)));
  return lists.flat();
}

function tell(terminal: Terminal, sentence: string): ExitCode {
  terminal.note(sentence);
  return exitCode.trouble;
}
