// The till's own store in a real browser, on a profile on the disk: the journal through reloads, crashes, two tabs, cleared data and a full
// disk; the goods from the first start on. Method: what the page was told is written must be there afterwards, and the server must
// have each sale once.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { makeDemoProducts } from '#catalog/index.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { chainStoreCases } from '../../src/screens/till/chain/chain-store.contract.ts';
import type { TillStoreDriver } from '../../src/screens/till/chain/testing/till-store-words.ts';
import { goodsStoreCases } from '../../src/screens/till/goods/goods-store.contract.ts';
import { demoEdits, filledAt } from '../../src/screens/till/goods/testing/catalog-server.ts';
import { startProfile } from './browser.ts';
import { TillStoreHouse } from './till-store.ts';

declare const driver: TillStoreDriver;

const patienceMs = 60_000;
const demo = [...makeDemoProducts(500, seededRandom(1), filledAt)];
const piece = demo.find(({ product }) => product.barcodes.length > 0) ?? assert.fail('a product');
const barcode = piece.product.barcodes[0] ?? assert.fail('a barcode');
const numbered = (count: number, word: string) => Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

/** A shop of its own for each test: a server and a profile that can be closed and opened again. */
class Shop {
  readonly house: TillStoreHouse;
  readonly #profile: string;
  #context: BrowserContext | undefined;

  private constructor(house: TillStoreHouse, profile: string) {
    this.house = house;
    this.#profile = profile;
  }

  static async open(): Promise<Shop> {
    return new Shop(await TillStoreHouse.open(), await mkdtemp(join(tmpdir(), 'till-profile-')));
  }

  async newTab(): Promise<Page> {
    this.#context ??= await startProfile(this.#profile);
    const tab = await this.#context.newPage();
    tab.setDefaultTimeout(patienceMs);
    await tab.goto(this.house.url);
    return tab;
  }

  async openTill(): Promise<Page> {
    const tab = await this.newTab();
    await tab.evaluate(() => driver.openJournal());
    return tab;
  }

  async debug(tab: Page): Promise<CDPSession> {
    return await tab.context().newCDPSession(tab);
  }

  /** Kills the page's process as a lack of memory would: nothing of the page is told. */
  async crash(tab: Page): Promise<void> {
    const debug = await this.debug(tab);
    const crashed = tab.waitForEvent('crash');
    // Whoever is killed does not answer.
    debug.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async closeBrowser(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** What the server has accepted, in order. */
  get sales(): readonly string[] {
    return this.house.journal.bodies.filter((body) => !body.includes('chain-replaced')).map((body) => JSON.parse(body));
  }

  async close(): Promise<void> {
    await this.closeBrowser();
    await this.house.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

async function inShop(play: (shop: Shop) => Promise<void>): Promise<void> {
  const shop = await Shop.open();
  try {
    await play(shop);
  } finally {
    await shop.close();
  }
}

const append = (tab: Page, names: readonly string[]) => tab.evaluate((given) => driver.append(given), names);
const stateOf = (tab: Page) => tab.evaluate(() => driver.journalState());
const sendAll = (tab: Page) => tab.evaluate(() => driver.sendAll());

describe('the stores of the till in IndexedDB', () => {
  let told: ReadonlyMap<string, string | null> = new Map();
  let shop: Shop | undefined;
  before(async () => {
    shop = await Shop.open();
    const tab = await shop.newTab();
    told = new Map(await tab.evaluate(() => driver.playContract()));
  });
  after(async () => {
    await shop?.close();
  });
  for (const { name } of [...chainStoreCases, ...goodsStoreCases]) {
    it(name, () => {
      assert.equal(told.get(name), null);
    });
  }
});

describe('the till journal in a real browser', () => {
  it('holds a thousand entries over reloads, a killed page and a new start of the browser', async () => {
    await inShop(async (shop) => {
      shop.house.isThere = false;
      const tab = await shop.openTill();
      assert.equal((await append(tab, numbered(400, 'a'))).failure, null);
      await tab.evaluate(() => driver.appendOn('b', 300));
      await tab.waitForFunction(() => driver.written >= 50);
      await tab.reload();
      const writtenB = await tab.evaluate(() => Number((localStorage.getItem('written') ?? '').split(' ')[1]));
      await tab.evaluate(() => driver.openJournal());
      const afterReload = (await stateOf(tab)).lastNumber ?? 0;
      assert.ok(afterReload >= 400 + writtenB && afterReload <= 400 + writtenB + 2, `${afterReload} after ${writtenB}`);
      assert.equal((await append(tab, numbered(1_000 - afterReload, 'c'))).failure, null);
      await shop.crash(tab);
      await shop.closeBrowser();
      const again = await shop.openTill();
      const state = await stateOf(again);
      assert.deepEqual([state.lastNumber, state.waiting, state.alarms], [1_000, 1_000, []]);
      shop.house.isThere = true;
      await sendAll(again);
      assert.equal((await stateOf(again)).waiting, 0);
      assert.equal(shop.sales.length, 1_000);
      assert.equal(new Set(shop.sales).size, 1_000);
      assert.deepEqual(shop.sales.slice(0, 400), numbered(400, 'a'));
    });
  });

  it('is written by two tabs at once without gap or fork, and sent once', async () => {
    await inShop(async (shop) => {
      const tabs = [await shop.openTill(), await shop.openTill()] as const;
      const done = await Promise.all(tabs.map((tab, index) => append(tab, numbered(200, `tab ${index}`))));
      assert.deepEqual(
        done.map(({ failure }) => failure),
        [null, null],
      );
      for (const tab of tabs) await sendAll(tab);
      for (const tab of tabs) await sendAll(tab);
      assert.equal(shop.house.journal.chains.size, 1);
      assert.deepEqual(shop.sales.toSorted(), [...numbered(200, 'tab 0'), ...numbered(200, 'tab 1')].toSorted());
    });
  });

  it('names cleared site data, in the open page and after a new start', async () => {
    await inShop(async (shop) => {
      const tab = await shop.openTill();
      await append(tab, numbered(5, 'before'));
      await sendAll(tab);
      const { chainId } = await stateOf(tab);
      const debug = await shop.debug(tab);
      await debug.send('Storage.clearDataForOrigin', { origin: shop.house.url, storageTypes: 'all' });
      assert.equal((await append(tab, ['after'])).failure, null);
      assert.deepEqual((await stateOf(tab)).alarms, [{ kind: 'storage-lost', chainId, knownUpTo: 5 }]);
      await shop.closeBrowser();
      const again = await shop.openTill();
      await sendAll(again);
      assert.deepEqual((await stateOf(again)).alarms, [{ kind: 'storage-lost', chainId, knownUpTo: 5 }]);
      assert.deepEqual(shop.sales, [...numbered(5, 'before'), 'after']);
    });
  });

  it('says that the disk is full, has then written nothing, and goes on when there is room', async () => {
    await inShop(async (shop) => {
      shop.house.isThere = false;
      const tab = await shop.newTab();
      // Before the first write: the browser asks for the room that is left only now and then.
      const debug = await shop.debug(tab);
      await debug.send('Storage.overrideQuotaForOrigin', { origin: shop.house.url, quotaSize: 3_000_000 });
      await tab.evaluate(() => driver.openJournal());
      await append(tab, ['a']);
      assert.equal(await tab.evaluate(() => driver.fillDisk()), 'QuotaExceededError');
      // Nothing that storage could make smaller.
      const long = randomBytes(300_000).toString('base64');
      // The filler is what can be fetched again here: the journal takes its room.
      assert.equal((await append(tab, [`b ${long}`])).failure, null);
      const much = Array.from({ length: 12 }, (_, index) => `c${index} ${long}`);
      const stopped = await append(tab, much);
      assert.equal(stopped.failure, 'disk-full');
      const state = await stateOf(tab);
      assert.deepEqual(
        [state.phase, state.unusable, state.lastNumber],
        ['unusable', 'disk-full', 2 + stopped.tookMs.length],
      );
      await debug.send('Storage.overrideQuotaForOrigin', { origin: shop.house.url, quotaSize: 50_000_000 });
      assert.equal((await append(tab, ['d'])).failure, null);
      shop.house.isThere = true;
      await sendAll(tab);
      assert.deepEqual([shop.sales.length, shop.sales.at(-1)], [3 + stopped.tookMs.length, 'd']);
    });
  });

  it('says that a newer till is there, in a tab that was open and in one that comes later', async () => {
    await inShop(async (shop) => {
      const tab = await shop.openTill();
      await append(tab, ['a']);
      const newer = await shop.newTab();
      await newer.evaluate(() => driver.bringNewerSchema('tillway-till-journal'));
      assert.equal((await append(tab, ['b'])).failure, 'newer-schema');
      await newer.evaluate(() => driver.openJournal());
      const { phase, unusable } = await stateOf(newer);
      assert.deepEqual([phase, unusable], ['unusable', 'newer-schema']);
      await newer.evaluate(() => driver.bringNewerSchema('tillway-till'));
      shop.house.catalog.write([...demoEdits(500)]);
      const opened = await newer.evaluate((digits) => driver.openGoods('sto_1', digits, true), barcode);
      assert.deepEqual([opened.state.phase, opened.state.notKept], ['ready', 'newer-schema']);
    });
  });

  it('keeps the basket in work over a reload right after the change, and over a crash', async () => {
    await inShop(async (shop) => {
      const tab = await shop.openTill();
      await tab.evaluate(() => void driver.keepBasket('left at once'));
      await tab.reload();
      await tab.evaluate(() => driver.openJournal());
      assert.deepEqual(await tab.evaluate(() => driver.recoverBaskets()), ['left at once']);
      const other = await shop.openTill();
      assert.deepEqual(await other.evaluate(() => driver.recoverBaskets()), []);
      await tab.evaluate(() => void driver.keepBasket('crashed'));
      await tab.waitForTimeout(150);
      await shop.crash(tab);
      await shop.closeBrowser();
      const again = await shop.openTill();
      assert.deepEqual(await again.evaluate(() => driver.recoverBaskets()), ['crashed', 'left at once']);
    });
  });
});

describe('the goods of a till in a real browser', () => {
  const openGoods = (tab: Page, withWorker: boolean) =>
    tab.evaluate(([digits, flag]) => driver.openGoods('sto_1', digits, flag), [barcode, withWorker] as const);
  const priced = (minor: bigint) => {
    const price = piece.prices[0] ?? assert.fail('a price');
    return [{ act: 'upsert', record: { kind: 'price', price: { ...price, amount: money('CNY', minor) } } }] as const;
  };

  for (const withWorker of [true, false]) {
    it(`are fetched, kept, searched and brought up to date ${withWorker ? 'by a worker' : 'on the page'}`, async () => {
      await inShop(async (shop) => {
        shop.house.catalog.write([...demoEdits(500)]);
        const tab = await shop.newTab();
        const first = await openGoods(tab, withWorker);
        assert.equal(first.wasWarm, false);
        assert.equal(first.state.version, shop.house.catalog.version);
        const found = await tab.evaluate(() => driver.searchAll(['milk', 'niunai', '牛奶', 'mlik']));
        assert.ok(
          found.every(({ hits }) => hits > 0),
          JSON.stringify(found),
        );
        const answered = await tab.evaluate(() => driver.typeFast(['m', 'mi', 'mil', 'milk']));
        // On the page each is answered before the next key can come.
        assert.deepEqual(answered, withWorker ? [false, false, false, true] : [true, true, true, true]);
        shop.house.catalog.write(priced(777n));
        await tab.evaluate(() => driver.refreshGoods());
        await tab.waitForFunction((digits) => driver.priceOf(digits) === '777', barcode);
        shop.house.isThere = false;
        await shop.closeBrowser();
        const again = await shop.newTab();
        const second = await openGoods(again, withWorker);
        assert.equal(second.wasWarm, true);
        assert.equal(await again.evaluate((digits) => driver.priceOf(digits), barcode), '777');
        assert.equal((await again.evaluate(() => driver.searchAll(['milk'])))[0]?.hits, found[0]?.hits);
        await again.waitForFunction(() => driver.goodsState()?.trouble === 'away');
      });
    });
  }

  it('are there for this run when the disk is full', async () => {
    await inShop(async (shop) => {
      shop.house.catalog.write([...demoEdits(500)]);
      const tab = await shop.newTab();
      const debug = await shop.debug(tab);
      await debug.send('Storage.overrideQuotaForOrigin', { origin: shop.house.url, quotaSize: 200_000 });
      const opened = await openGoods(tab, true);
      assert.equal(opened.state.phase, 'ready');
      await tab.waitForFunction(() => driver.goodsState()?.notKept === 'disk-full');
    });
  });
});
