// The environment variables that are settings: which entry of the settings file each stands for, and how its text is read.

export type EntryPath = readonly [string] | readonly [string, string];

type Reading = 'text' | 'number' | 'flag';

/** Every entry that the environment can set. The environment wins over the file. */
export const environmentEntries = {
  TILLWAY_HOME: { path: ['home'], as: 'text' },
  TILLWAY_BIND_HOST: { path: ['bindHost'], as: 'text' },
  DATABASE_URL: { path: ['databaseUrl'], as: 'text' },
  TILLWAY_DEMO: { path: ['demo'], as: 'flag' },
  TILLWAY_STORE_PORT: { path: ['store', 'port'], as: 'number' },
  TILLWAY_STORE_NAME: { path: ['store', 'name'], as: 'text' },
  TILLWAY_STORE_CURRENCY: { path: ['store', 'currency'], as: 'text' },
  TILLWAY_STORE_TIME_ZONE: { path: ['store', 'timeZone'], as: 'text' },
  TILLWAY_STORE_LANGUAGE: { path: ['store', 'language'], as: 'text' },
  TILLWAY_SANDBOX_PORT: { path: ['sandbox', 'port'], as: 'number' },
  TILLWAY_ALIPAY_CHANNEL: { path: ['alipay', 'channel'], as: 'text' },
  TILLWAY_ALIPAY_GATEWAY_URL: { path: ['alipay', 'gatewayUrl'], as: 'text' },
  TILLWAY_ALIPAY_APP_ID: { path: ['alipay', 'appId'], as: 'text' },
  TILLWAY_ALIPAY_CLIENT_ID: { path: ['alipay', 'clientId'], as: 'text' },
  TILLWAY_ALIPAY_PRIVATE_KEY_FILE: { path: ['alipay', 'privateKeyFile'], as: 'text' },
  TILLWAY_ALIPAY_PUBLIC_KEY_FILE: { path: ['alipay', 'alipayPublicKeyFile'], as: 'text' },
  TILLWAY_NOTIFY_BASE_URL: { path: ['alipay', 'notifyBaseUrl'], as: 'text' },
  TILLWAY_FINAL_WORD_MS: { path: ['deadline', 'finalWordMs'], as: 'number' },
} as const satisfies Record<string, { path: EntryPath; as: Reading }>;

/**
 * Names that a script may set although this process does not read them: parts of the house that other processes serve, the
 * settings file's own address, what the launcher says of itself, and what tests are told.
 */
export const otherNames = [
  'TILLWAY_CONFIG',
  'TILLWAY_LAUNCHED',
  'TILLWAY_PARTNER_PORT',
  'TILLWAY_TERMINAL_PORT',
  'TILLWAY_HOST_PORT',
  'TILLWAY_DATA',
  'TILLWAY_LONG',
  'TILLWAY_SEED',
] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

const flagWords: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
};

/** What the text means. Text that cannot be read stays text, so that the schema can say what is wrong with it. */
export function readText(text: string, as: Reading): string | number | boolean {
  if (as === 'number' && /^\d{1,12}$/.test(text.trim())) return Number(text);
  if (as === 'flag') return flagWords[text.trim().toLowerCase()] ?? text;
  return text;
}
