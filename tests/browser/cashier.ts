// A cashier at the till page: keys, scans and reads what a cashier can, by role and by label.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { saleSchema } from '#server/contract/ecr.ts';
import { type Manner, ordinary, Scanner } from './scanner.ts';
import { type Language, type Words, words } from './words.ts';

const notesSchema = z.object({
  tones: z.number(),
  requests: z.array(
    z.object({
      method: z.string(),
      path: z.string(),
      /** When the last key before it was struck, on the page's own clock. */
      keyMs: z.number(),
      sinceKeyMs: z.number(),
      answeredMs: z.number().nullable(),
      codeLength: z.number().nullable(),
    }),
  ),
});
type Notes = z.infer<typeof notesSchema>;

const scansMax = 3;

export class Cashier {
  readonly page: Page;
  readonly words: Words;
  readonly #scanner: Scanner;
  readonly #halfScans = new Set<number>();

  private constructor(page: Page, scanner: Scanner, language: Language) {
    this.page = page;
    this.#scanner = scanner;
    this.words = words[language];
  }

  /** Opens the till and waits until it knows its store. */
  static async atTill(page: Page, storeUrl: string, language: Language): Promise<Cashier> {
    const cashier = new Cashier(page, await Scanner.connect(page), language);
    await page.goto(`${storeUrl}/till`);
    await cashier.untilOpen();
    return cashier;
  }

  async untilOpen(): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: 'Corner shop' }).waitFor();
  }

  get total(): Locator {
    return this.page.getByRole('status', { name: this.words.total, exact: true });
  }

  /** The sheet of the payment in front. */
  get sheet(): Locator {
    return this.page.getByRole('region', { name: this.words.payment, exact: true });
  }

  get codeField(): Locator {
    return this.page.getByRole('textbox', { name: this.words.code, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }

  /** A key of the amount pad. */
  key(name: string): Locator {
    return this.page.getByRole('group').getByRole('button', { name, exact: true });
  }

  /** Types the amount as a person does, wherever the focus is, and checks that the total shows it. */
  async keyAmount(amount: string): Promise<void> {
    await this.page.keyboard.press('Escape');
    for (const key of amount) {
      await this.page.keyboard.press(key);
      // Slower than any scanner: a person.
      await sleep(110);
    }
    this.#scanner.rest();
    await this.untilTotal(amount);
  }

  async untilTotal(amount: string): Promise<void> {
    await this.total.filter({ hasText: shown(amount) }).waitFor();
  }

  /**
   * Scans a payment code. A machine that stands still for a moment in the middle of a scan lets half a code through: the till says
   * that it is none, or Alipay does, and the cashier scans again.
   */
  async scan(code: string, manner: Manner = ordinary): Promise<void> {
    const told = this.page.getByRole('alert').filter({ hasText: /./ });
    for (let tries = 1; ; tries += 1) {
      const before = (await this.#allCharges()).length;
      await this.strike(code, manner);
      await this.sheet.or(told).first().waitFor();
      const charge = await this.#chargeAfter(before, told);
      const isHalf = charge !== undefined && charge.codeLength !== code.length;
      if (isHalf) {
        this.#halfScans.add(charge.keyMs);
        await this.sheet.getByRole('heading', { name: this.words.notPaid, exact: true }).waitFor();
      }
      const isUnread = await told.filter({ hasText: this.words.unreadable }).isVisible();
      if (!(isHalf || isUnread) || tries === scansMax) return;
      await this.press('Escape');
    }
  }

  // The charge leaves once its sale is open; without the store's server, or when the till refuses the code, it never does.
  async #chargeAfter(before: number, told: Locator): Promise<Notes['requests'][number] | undefined> {
    for (let looks = 0; looks < 20; looks += 1) {
      const charge = (await this.#allCharges())[before];
      if (charge !== undefined || (await told.filter({ hasNot: this.page.getByRole('heading') }).isVisible()))
        return charge;
      await sleep(50);
    }
    return undefined;
  }

  /** Scans a code that the till cannot take, until it says why. */
  async scanUntilTold(code: string, sentence: string): Promise<void> {
    const told = this.page.getByRole('alert').filter({ hasText: /./ });
    for (let tries = 1; ; tries += 1) {
      await this.strike(code);
      await told.waitFor();
      if (tries === scansMax || ((await told.textContent()) ?? '').includes(sentence)) break;
      await this.press('Escape');
    }
    await this.untilTold(sentence);
  }

  /** The keys of one scan, whatever comes of them. */
  async strike(text: string, manner: Manner = ordinary): Promise<void> {
    await this.#scanner.scan(text, manner);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async untilPaid(amount: string): Promise<void> {
    await this.#untilOutcome(this.words.paid, amount);
  }

  async untilNotPaid(amount: string, reason?: string | RegExp): Promise<void> {
    await this.#untilOutcome(this.words.notPaid, amount);
    if (reason !== undefined) await this.sheet.getByText(reason).waitFor();
  }

  async #untilOutcome(word: string, amount: string): Promise<void> {
    const outcome = this.sheet.getByRole('alert');
    await outcome.getByRole('heading', { name: word, exact: true }).waitFor();
    await outcome.getByText(shown(amount), { exact: true }).waitFor();
  }

  async untilAsked(): Promise<void> {
    await this.sheet.getByRole('heading', { name: this.words.ask }).waitFor();
  }

  async untilTold(sentence: string): Promise<void> {
    await this.page.getByRole('alert').getByText(sentence).waitFor();
  }

  async untilReady(): Promise<void> {
    await this.sheet.waitFor({ state: 'detached' });
  }

  /** The receipt number on the sheet, once it is there. */
  async receipt(): Promise<string> {
    const number = await this.sheet.getByText(/^[0-9A-Z]{8}$/).textContent();
    assert.ok(number !== null);
    return number;
  }

  /** The row of a sale in today's list: its state in words and its amount. */
  saleRow(amount: string, state: string): Locator {
    const list = this.page.getByRole('region', { name: this.words.salesToday });
    return list.getByRole('button', { name: new RegExp(`${literally(shown(amount))}(?![\\d.]).* ${state}$`) });
  }

  /** The requests by which the page has charged a code, without those of half scans. */
  async charges(): Promise<Notes['requests']> {
    return (await this.#allCharges()).filter(({ keyMs }) => !this.#halfScans.has(keyMs));
  }

  async #allCharges(): Promise<Notes['requests']> {
    const { requests } = await this.notes();
    return requests.filter(({ method, path }) => method === 'POST' && /^\/api\/v1\/sales\/[^/]+\/payments$/.test(path));
  }

  /** The payment that this page started last, by its name at the store server. */
  async lastPayment(): Promise<string> {
    const path = (await this.charges()).at(-1)?.path.replace(/\/payments$/, '');
    assert.ok(path !== undefined, 'this page has charged nothing');
    const answer = await this.page.request.get(new URL(path, this.page.url()).href);
    const payment = saleSchema.parse(await answer.json()).payments.at(-1);
    assert.ok(payment !== undefined, 'the sale has no payment');
    return payment.paymentId;
  }

  async isFocused(control: Locator): Promise<boolean> {
    return (await control.and(this.page.locator(':focus')).count()) === 1;
  }

  async untilFocused(control: Locator): Promise<void> {
    await control.and(this.page.locator(':focus')).waitFor();
  }

  async notes(): Promise<Notes> {
    return notesSchema.parse(await this.page.evaluate('globalThis.tillwayNotes'));
  }
}

/** `1234.5` as the pages show it: ¥1234.50. */
export function shown(amount: string): string {
  const [whole = '0', decimals = ''] = amount.split('.');
  return `¥${whole}.${decimals.padEnd(2, '0')}`;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
