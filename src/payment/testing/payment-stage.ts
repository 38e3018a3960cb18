// A payment service on a journal in memory, a small Alipay and a clock that is moved by hand. The journal notes its writes in the same
// course as the channel its calls, and can fail at the n-th call, before it wrote or after.

import type { DeviceId, MerchantId, PaymentAttemptId, SaleId, StoreId } from '#foundation/id.ts';
import { type Clock, durationMs } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import type { Result } from '#foundation/result.ts';
import { type MemoryPaymentJournal, makeMemoryStorage } from '../../../simulation/storage/index.ts';
import type { Attempt, Charge, Refund } from '../attempt.ts';
import type { OpenChargeRefusal, Opened, OpenRefundRefusal, PaymentJournal } from '../journal.port.ts';
import { PaymentService } from '../payment-service.ts';
import { defaultPolicy } from '../policy.ts';
import { ManualClock, settle } from './manual-clock.ts';
import { SmallAlipay } from './small-alipay.ts';

export const payerCode = '281234567890123456';
export const patience = durationMs(2_000);

/** Decides of every call of the journal, by its name and its number from 1, whether and when it fails. */
export type JournalFate = (name: string, call: number) => 'works' | 'fails-before' | 'fails-after';

const shop = {
  merchantId: 'mer_1' as MerchantId,
  storeId: 'sto_1' as StoreId,
  deviceId: 'dev_1' as DeviceId,
};

export class PaymentStage {
  readonly clock = new ManualClock();
  readonly course: string[] = [];
  readonly alipay = new SmallAlipay(this.course);
  readonly journal: MemoryPaymentJournal;
  fate: JournalFate = () => 'works';
  journalCalls = 0;
  readonly #sales: ReturnType<typeof makeMemoryStorage>['sales'];
  #made = 0;

  constructor() {
    const { sales, payments } = makeMemoryStorage(this.clock);
    this.journal = payments;
    this.#sales = sales;
  }

  /** A process: its name is the owner's. It lives when it was started; `clock` is its machine's. */
  service(owner: string, clock: Clock = this.clock): PaymentService {
    this.#made += 1;
    return new PaymentService({
      journal: this.#watched(),
      channels: { 'alipay-openapi': this.alipay },
      clock,
      random: seededRandom(this.#made),
      log: silentLog,
      owner,
      policyOf: () => defaultPolicy,
    });
  }

  async sale(): Promise<SaleId> {
    this.#made += 1;
    const id = `sale_${this.#made}` as SaleId;
    const amount = money('CNY', 1_000n);
    await this.#sales.openSale({ id, ...shop, amount, description: 'Tea', createdAt: this.clock.now() }, null);
    return id;
  }

  pay(service: PaymentService, saleId: SaleId, key = 'key'): Promise<Result<Opened<Charge>, OpenChargeRefusal>> {
    const idempotency = { scope: 'payment', key: `${key} ${saleId}`, fingerprint: 'print' };
    const payer = { channel: 'alipay-openapi', payerCode: redact(payerCode), idempotency } as const;
    return service.startPayment(
      { ...shop, saleId, amount: money('CNY', 1_000n), description: 'Tea', ...payer },
      patience,
    );
  }

  refund(service: PaymentService, chargeId: PaymentAttemptId, minor: bigint, key = 'refund'): RefundStart {
    const { merchantId, deviceId } = shop;
    const idempotency = { scope: 'refund', key, fingerprint: 'print' };
    return service.startRefund({ merchantId, deviceId, chargeId, amount: money('CNY', minor), idempotency }, patience);
  }

  /** The attempts of a sale as they are written. */
  attempts(saleId: SaleId): Promise<readonly Attempt[]> {
    return this.journal.listOfSale(shop.merchantId, saleId);
  }

  /** The sale's only charge. */
  async charge(saleId: SaleId): Promise<Charge> {
    const [attempt] = await this.attempts(saleId);
    if (attempt?.kind !== 'charge') throw new Error('the sale has no charge');
    return attempt;
  }

  /** Moves the clock on second by second until `ready`, at most for so long. */
  async until(what: string, ready: () => boolean | Promise<boolean>, secondsMax = 3_600): Promise<void> {
    for (let seconds = 0; !(await ready()); seconds += 1) {
      if (seconds > secondsMax) throw new Error(`${what}: not within ${secondsMax} s\n${this.course.join('\n')}`);
      await this.clock.advance(1_000);
    }
    await settle();
  }

  /** Until nothing of the sale is under way: looks back at what Alipay never received may still be to come. */
  async untilAtRest(saleId: SaleId): Promise<void> {
    const atRest = (attempt: Attempt) => resting.includes(attempt.state.phase) && attempt.state.inFlight === null;
    await this.until('the sale is at rest', async () => (await this.attempts(saleId)).every(atRest));
  }

  #watched(): PaymentJournal {
    const { journal } = this;
    const call = async <Value>(name: string, wrote: string | null, work: () => Promise<Value>): Promise<Value> => {
      this.journalCalls += 1;
      const fate = this.fate(name, this.journalCalls);
      if (fate === 'fails-before') throw new Error(`the journal failed before ${name}`);
      const value = await work();
      if (wrote !== null) this.course.push(wrote);
      if (fate === 'fails-after') throw new Error(`the journal failed after ${name}`);
      return value;
    };
    return {
      time: () => call('time', null, () => journal.time()),
      openCharge: (opening) =>
        call('openCharge', `write ${stateWords(opening.charge)}`, () => journal.openCharge(opening)),
      openRefund: (opening) =>
        call('openRefund', `write ${stateWords(opening.refund)}`, () => journal.openRefund(opening)),
      advance: (attempt, next, facts) =>
        call('advance', null, async () => {
          const written = await journal.advance(attempt, next, facts);
          if (written !== undefined) this.course.push(`write ${stateWords(written)}`);
          return written;
        }),
      find: (merchantId, id) => call('find', null, () => journal.find(merchantId, id)),
      findByNumber: (id) => call('findByNumber', null, () => journal.findByNumber(id)),
      listOfSale: (merchantId, id) => call('listOfSale', null, () => journal.listOfSale(merchantId, id)),
      listOfSales: (merchantId, ids) => call('listOfSales', null, () => journal.listOfSales(merchantId, ids)),
      findIntent: (merchantId, id) => call('findIntent', null, () => journal.findIntent(merchantId, id)),
      beat: (owner, until) => call('beat', null, () => journal.beat(owner, until)),
      retire: (owner) => call('retire', null, () => journal.retire(owner)),
      takeUp: (owner, now, limit) => call('takeUp', null, () => journal.takeUp(owner, now, limit)),
      listCustody: (merchantId, limit) => call('listCustody', null, () => journal.listCustody(merchantId, limit)),
    };
  }
}

type RefundStart = Promise<Result<Opened<Refund>, OpenRefundRefusal>>;

const resting: readonly string[] = ['approved', 'declined', 'reversed', 'returned', 'refunded'];

function stateWords({ state }: Attempt): string {
  return `${state.phase}${state.inFlight === null ? '' : ` to ${state.inFlight.act}`}`;
}
