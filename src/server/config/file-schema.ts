// The settings file, tillway.config.json, as a schema: what may stand in it and what each entry means. It is published as
// docs/tillway.config.schema.json (a test holds the two equal), so that an editor completes and checks the file.

import { z } from 'zod';
import { isCurrency } from '#foundation/money.ts';
import { defaultPolicy } from '#payment/index.ts';

const portRule = 'must be a whole number from 0 to 65535, where 0 means any free port';
const msRule = 'must be a whole number of milliseconds above 0';
const urlRule = 'must be a whole address such as https://openapi.alipay.com/gateway.do';
const databaseRule = 'must look like postgresql://user:password@host:5432/database';
const keyFileRule = 'must be the path of a key file';

const port = z.int(portRule).min(0, portRule).max(65_535, portRule);
const webAddress = z.url({ protocol: /^https?$/, error: urlRule });
const path = (rule: string) => z.string(rule).min(1, rule);
const someText = (rule: string, longest: number) => z.string(rule).trim().min(1, rule).max(longest, rule);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const milliseconds = z.int(msRule).min(1, msRule).max(86_400_000, 'must be at most 86400000 (a day)');

// One entry for each figure of the payment room's policy; it says there what each is for.
const deadlineEntries = Object.fromEntries(
  Object.entries(defaultPolicy).map(([name, ms]) => [
    name,
    milliseconds.optional().describe(`Milliseconds; ${ms} when absent.`),
  ]),
) as Record<keyof typeof defaultPolicy, z.ZodOptional<typeof milliseconds>>;

const storeEntries = {
  port: port.optional().describe('Port of the store server; 8080 when absent, 0 for any free one.'),
  name: someText('must be 1 to 64 characters', 64).optional().describe('Shown on the till and in the wallet.'),
  currency: z
    .string()
    .refine(isCurrency, 'must be an ISO 4217 code that Alipay takes, such as CNY')
    .optional()
    .describe('ISO 4217 code of everything the store sells; CNY when absent.'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone name such as Asia/Shanghai')
    .optional()
    .describe("IANA name; it decides where the store's day ends. Asia/Shanghai when absent."),
  language: z
    .enum(['en', 'zh-CN'], 'must be en or zh-CN')
    .optional()
    .describe('Language of receipts and notices; each screen has its own switch.'),
};

const alipayEntries = {
  channel: z
    .enum(['alipay-openapi', 'alipay-global'], 'must be alipay-openapi or alipay-global')
    .optional()
    .describe('alipay-openapi (mainland China, the default) or alipay-global (the global JSON API).'),
  gatewayUrl: webAddress.optional().describe("Alipay's address. When absent the local sandbox is used."),
  appId: someText('must be the app id that Alipay gave', 32).optional().describe('For alipay-openapi.'),
  clientId: someText('must be the client id that Alipay gave', 128).optional().describe('For alipay-global.'),
  privateKeyFile: path(keyFileRule).optional().describe("File with the merchant's RSA private key, PKCS#1 or PKCS#8."),
  alipayPublicKeyFile: path(keyFileRule).optional().describe("File with Alipay's public key, not your own."),
  notifyBaseUrl: webAddress.optional().describe('Address at which Alipay reaches this store server with its notices.'),
};

export const configFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    home: path('must be the path of a folder')
      .optional()
      .describe('Folder that holds all state; .tillway when absent.'),
    bindHost: someText('must be a host name or an address such as 127.0.0.1', 255)
      .optional()
      .describe('Address that the servers listen on; 127.0.0.1 when absent, 0.0.0.0 for every network.'),
    databaseUrl: z
      .url({ protocol: /^postgres(ql)?$/, error: databaseRule })
      .optional()
      .describe('A PostgreSQL of your own. When absent Tillway starts its own.'),
    demo: z.boolean('must be true or false').optional().describe('False: no demo device is made. True when absent.'),
    store: z.strictObject(storeEntries).optional(),
    sandbox: z
      .strictObject({ port: port.optional().describe('Port of the Alipay sandbox; 8090 when absent.') })
      .optional(),
    alipay: z.strictObject(alipayEntries).optional(),
    deadline: z.strictObject(deadlineEntries).optional().describe('How long a payment may take, figure by figure.'),
  })
  .meta({ title: 'Settings of Tillway', description: 'Entries of tillway.config.json. The environment wins over it.' });

/** The names that may stand in the file and in each of its sections, for "did you mean". */
export const entryNames: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configFileSchema.shape).filter((name) => name !== '$schema'),
  store: Object.keys(storeEntries),
  sandbox: ['port'],
  alipay: Object.keys(alipayEntries),
  deadline: Object.keys(deadlineEntries),
};

export type ConfigFile = z.infer<typeof configFileSchema>;

/** The schema as JSON Schema, for editors. */
export function configFileJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(configFileSchema, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
}
