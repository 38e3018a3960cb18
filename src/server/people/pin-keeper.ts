// PINs as slow keyed hashes. Slow, because a PIN has few digits; keyed with a secret of the home that no database has, because however slow
// the hash, ten thousand PINs are soon tried by whoever holds the rows. Argon2id with 32 MiB and three passes, more than
// the least that OWASP names and still no wait for a person at a till.
// @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id

import { createHmac } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { PinHash } from '#checkout/index.ts';
import { type Redacted, redact } from '#foundation/redacted.ts';

const cost = { memoryCost: 32_768, timeCost: 3, parallelism: 1 } as const;
// More would wait for longer than a person at a till does, and hold memory meanwhile.
const waitingMax = 32;

/** Makes and checks hashes of PINs, one at a time: each takes a core that a payment's signature may want. */
export class PinKeeper {
  readonly #secret: Redacted<Uint8Array>;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #decoy: Promise<string> | undefined;

  /** `homeKey`: 32 random bytes of the home; the key of PINs is derived from it and used for nothing else. */
  constructor(homeKey: Redacted<Uint8Array>) {
    this.#secret = redact(new Uint8Array(createHmac('sha256', homeKey.reveal()).update('tillway person pin').digest()));
  }

  /** True when so many checks are waiting that another should be refused. */
  get isFull(): boolean {
    return this.#waiting >= waitingMax;
  }

  async hash(pin: Redacted<string>): Promise<PinHash> {
    const secret = this.#secret.reveal();
    return redact(await this.#inTurn(() => hash(pin.reveal(), { ...cost, secret })));
  }

  /** Whether the PIN is the one that was hashed. Without a hash the answer is no, and takes as long. */
  async verify(known: PinHash | undefined, pin: Redacted<string>): Promise<boolean> {
    const secret = this.#secret.reveal();
    const isRight = await this.#inTurn(async () => {
      this.#decoy ??= hash('no PIN at all', { ...cost, secret });
      return await verify(known?.reveal() ?? (await this.#decoy), pin.reveal(), { secret });
    });
    return known !== undefined && isRight;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const done = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
