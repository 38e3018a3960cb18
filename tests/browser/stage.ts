// What one journey plays on: pages of its own in the shared browser, at the shared house. When a journey fails, what its pages showed
// is kept in tests/browser/failures.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { TradeRecord } from '../shop/sandbox-control.ts';
import { Cashier } from './cashier.ts';
import { Customer } from './customer.ts';
import type { House, Store } from './house.ts';
import type { Language } from './words.ts';

const scripts = ['dom/recorder.mjs', 'dom/hold.mjs', 'dom/eyes.mjs'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const failures = fileURLToPath(new URL('failures', import.meta.url));
/** For every wait: long, because the machine may be busy; what must be fast is measured. */
const patienceMs = 20_000;

export const counterScreen = { width: 1280, height: 800 };
export const phoneScreen = { width: 390, height: 844 };

/** What all journeys share; it is there when the first of them begins. */
export type Theatre = {
  readonly browser: Browser;
  readonly house: House;
  readonly store: Store;
  readonly hurriedStore: Store;
};

type CashierWishes = { readonly store?: Store; readonly language?: Language; readonly context?: BrowserContextOptions };
type CustomerWishes = CashierWishes & { readonly balance?: string };

export class Stage {
  readonly theatre: Theatre;
  readonly #contexts: BrowserContext[] = [];
  readonly #pages: Page[] = [];
  readonly #heard: string[] = [];

  constructor(theatre: Theatre) {
    this.theatre = theatre;
  }

  get house(): House {
    return this.theatre.house;
  }

  async newCashier({
    store = this.theatre.store,
    language = 'en',
    context = {},
  }: CashierWishes = {}): Promise<Cashier> {
    const page = await this.newPage({ viewport: counterScreen, locale: language, ...context });
    return await Cashier.atTill(page, store.url, language);
  }

  async newCustomer(wishes: CustomerWishes = {}): Promise<Customer> {
    const { store = this.theatre.store, language = 'en', balance = '5000.00', context = {} } = wishes;
    const walletId = await this.house.control.openWallet(balance);
    const page = await this.newPage({ viewport: phoneScreen, locale: language, ...context });
    return await Customer.withWallet(page, store.url, language, walletId);
  }

  /** What the sandbox has booked for the payment that this till started last. */
  async tradesOf(cashier: Cashier): Promise<TradeRecord> {
    return await this.house.control.tradesOf(await cashier.lastPayment());
  }

  async newPage(options: BrowserContextOptions): Promise<Page> {
    const context = await this.theatre.browser.newContext(options);
    this.#contexts.push(context);
    return await this.addPage(context);
  }

  /** Another page of the same browser context: it shares storage with the others. */
  async addPage(context: BrowserContext): Promise<Page> {
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await addScripts(page);
    this.#pages.push(page);
    page.on('pageerror', (error) => this.#heard.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#heard.push(`console: ${message.text()}`);
    });
    return page;
  }

  /** No page may have broken, or asked for what its security policy forbids, unnoticed. */
  checkPages(): void {
    const broken = this.#heard.filter((line) => line.startsWith('error:') || /Content Security Policy/i.test(line));
    assert.deepEqual(broken, []);
  }

  async keepEvidence(name: string): Promise<void> {
    await mkdir(failures, { recursive: true });
    const file = name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
    for (const [index, page] of this.#pages.entries()) {
      const path = join(failures, `${file}-${index + 1}`);
      await page.screenshot({ path: `${path}.png`, timeout: 5_000 }).catch(() => undefined);
      const tree = await page
        .locator('body')
        .ariaSnapshot({ timeout: 5_000 })
        .catch(() => 'The page does not answer.');
      await writeFile(`${path}.txt`, `${page.url()}\n\n${tree}\n\n${this.#heard.join('\n')}\n`);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }
}

/** Gives a page the scripts by which tests look into it. Before it is opened. */
export async function addScripts(page: Page): Promise<void> {
  for (const path of scripts) await page.addInitScript({ path });
}

/** Registers one journey as a test. */
export function journey(name: string, theatre: () => Theatre, play: (stage: Stage) => Promise<void>): void {
  void test(name, async () => {
    const stage = new Stage(theatre());
    try {
      await play(stage);
      stage.checkPages();
    } catch (trouble) {
      await stage.keepEvidence(name);
      throw trouble;
    } finally {
      await stage.close();
    }
  });
}
