// `tillway keys check`: asks the gateway about a number that does not exist. Only a gateway that knows the app, can verify our
// signature, and signs with the key that we hold for it can say so; anything else tells which of the three is wrong.

import { createGlobalChannel, createOpenapiChannel, createUndiciTransport } from '#channels/alipay/index.ts';
import { makeId } from '#foundation/id.ts';
import { money } from '#foundation/money.ts';
import { unreachable } from '#foundation/result.ts';
import type { Channel } from '#payment/index.ts';
import { systemClock, systemRandom } from '../ambient.ts';
import type { AlipayGateway, Config } from '../config.ts';
import { readRunFile } from '../start/run-file.ts';
import { sandboxGateway } from '../start/sandbox-gateway.ts';
import { type KeyVerdict, keyVerdict } from './key-verdict.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

const answerWithinMs = 10_000;

export async function checkKeys(terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const { config } = reading;
  const gateway = config.alipay.gateway ?? runningSandbox(config);
  if (gateway === null) {
    terminal.note('No Alipay gateway is configured and no sandbox runs here, so there is nothing to ask.');
    terminal.note('Set alipay.gatewayUrl and what belongs to it (see tillway config), or run: tillway start');
    return exitCode.trouble;
  }
  const verdict = await ask(gateway, config);
  for (const line of explain(verdict, gateway)) (verdict === 'fit' ? terminal.out : terminal.note)(line);
  return verdict === 'fit' ? exitCode.done : exitCode.trouble;
}

function runningSandbox(config: Config): AlipayGateway | null {
  const run = readRunFile(config.home);
  const sandbox = run.ok ? run.value.sandbox : undefined;
  return sandbox === undefined ? null : sandboxGateway(config.alipay.channel, sandbox.url, sandbox);
}

async function ask(gateway: AlipayGateway, config: Config): Promise<KeyVerdict> {
  const transport = createUndiciTransport();
  try {
    const channel = openChannel(gateway, config, transport);
    const attemptId = makeId('attempt', systemClock.now(), systemRandom());
    const charge = { attemptId, amount: money(config.store.currency, 1n), channelReference: null };
    return keyVerdict(await channel.inquire(charge, AbortSignal.timeout(answerWithinMs)));
  } finally {
    await transport.close();
  }
}

function openChannel(
  gateway: AlipayGateway,
  config: Config,
  transport: ReturnType<typeof createUndiciTransport>,
): Channel {
  const { url: gatewayUrl, applicationId, privateKey, alipayPublicKey } = gateway;
  // Nothing is paid, so no notice will ever be sent there.
  const common = { gatewayUrl, privateKey, alipayPublicKey, notifyUrl: 'http://localhost/' };
  const parts = { transport, clock: systemClock };
  if (config.alipay.channel === 'alipay-openapi') {
    return createOpenapiChannel({ ...common, appId: applicationId, currency: config.store.currency }, parts);
  }
  const merchant = { name: config.store.name, categoryCode: '5411' };
  return createGlobalChannel({ ...common, clientId: applicationId, merchant }, parts);
}

function explain(verdict: KeyVerdict, gateway: AlipayGateway): readonly string[] {
  const who = `${gateway.url} as ${gateway.applicationId}`;
  switch (verdict) {
    case 'fit':
      return [`The keys fit: ${who} knows us, and its answer is signed with the key that we hold for it.`];
    case 'own-key-wrong':
      return [
        `Our own key is wrong: ${who} cannot verify what we sign.`,
        'The private key does not belong to the public key that was uploaded for this app. Compare their fingerprints with',
        '"tillway keys inspect", then upload the right public key in the console, or set alipay.privateKeyFile.',
      ];
    case 'alipay-key-wrong':
      return [
        `Alipay's key is wrong: ${who} answered, but not with a signature of the key that we hold for it.`,
        "Copy Alipay's public key (not your own) from the app's page in the console, and set alipay.alipayPublicKeyFile.",
      ];
    case 'application-unknown':
      return [
        `The app is not known: ${gateway.url} has none called ${gateway.applicationId}.`,
        'Check alipay.appId (or alipay.clientId), and that the sandbox and the production gateway are not mixed up.',
      ];
    case 'not-permitted':
      return [
        `The keys fit, but ${gateway.applicationId} may not take payments: sign the contract in the console first.`,
      ];
    case 'unreachable':
      return [`${gateway.url} cannot be reached: nothing was sent. Check alipay.gatewayUrl and the network.`];
    case 'no-answer':
      return [`${gateway.url} did not answer. Try again; if it stays so, check alipay.gatewayUrl and the network.`];
    case 'unclear':
      return [`${gateway.url} answered, but not as an Alipay gateway does: nothing can be said of the keys.`];
    default:
      return unreachable(verdict);
  }
}
