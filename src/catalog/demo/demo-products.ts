// Products of the demo store, as many as are asked for, the same ones every time. The first few hundred are the store as one would
// know it; beyond them goods come again under other brands, in other series and packs, so that a catalogue of a million still
// reads and searches like one. Brands, codes and barcodes are made up: 690 to 699 is China's range, and 699999 no company of ours.

import { makeId, type ProductId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { below, type Random } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import { type ProductCode, parseCode } from '../code.ts';
import type { Cost } from '../cost.ts';
import { makeGtin } from '../gtin.ts';
import { pinyinOf } from '../pinyin/pinyin.ts';
import type { Price } from '../price.ts';
import type { Product } from '../product.ts';
import { departmentId, priceListId, taxClassId } from './demo-departments.ts';
import { type DemoGoods, demoGoods } from './demo-goods.ts';

/** A product with its prices and the history of its cost, oldest first. */
export type DemoProduct = {
  readonly product: Product;
  readonly prices: readonly Price[];
  readonly costs: readonly Cost[];
};

/** The most that can be made: the fictitious company prefix has no more numbers. */
export const demoCountMax = 1_000_000;
/** The store as one would know it, without variations. */
export const demoCountUsual = 250;

type Word = readonly [en: string, zh: string];

const brands: readonly Word[] = [
  ['Yunling', '云岭'],
  ['Qinghe', '清禾'],
  ['Hetian', '荷田'],
  ['Xiaoman', '小满居'],
  ['Hailu', '海鹭'],
  ['Songting', '松亭'],
  ['Baishan', '百杉'],
  ['Lanxi', '澜溪'],
  ['Jinsui', '金穗坊'],
  ['Mingyue', '明月湾'],
  ['Chunfeng', '春风里'],
  ['Zhuyuan', '竹苑'],
  ['Luming', '鹿鸣坡'],
  ['Xinghai', '星海堂'],
  ['Meiyu', '梅雨轩'],
  ['Tianchi', '天池园'],
  ['Hongshan', '红杉林'],
  ['Yanbei', '雁北'],
  ['Nanqiao', '南桥记'],
  ['Dongli', '东篱'],
  ['Xishan', '西杉'],
  ['Beiyuan', '北原'],
  ['Liuxu', '柳絮'],
  ['Fenglin', '枫林渡'],
  ['Ruixue', '瑞雪'],
  ['Anning', '安宁里'],
  ['Fuman', '福满斋'],
  ['Huaxi', '花溪谷'],
  ['Qiushi', '秋实'],
  ['Gulou', '鼓楼巷'],
  ['Pinghu', '平湖渔'],
  ['Ziyang', '紫阳'],
  ['Wenxin', '温馨阁'],
  ['Leyou', '乐悠'],
  ['Kangda', '康达乐'],
  ['Yiren', '怡仁'],
  ['Shuangxi', '双喜坡'],
  ['Changle', '常乐'],
  ['Jiale', '佳乐园'],
  ['Heshun', '和顺'],
];

const series: readonly Word[] = [
  ['', ''],
  ['Classic', '经典'],
  ['Select', '优选'],
  ['Gold', '金装'],
  ['Organic', '有机'],
  ['Family', '家庭装'],
  ['Fresh', '鲜享'],
  ['Light', '轻享'],
  ['Premium', '臻品'],
  ['Heritage', '老字号'],
  ['Festive', '节庆'],
  ['Mountain', '高山'],
  ['Village', '乡村'],
  ['Garden', '田园'],
  ['Harbour', '港湾'],
  ['Sunrise', '朝晖'],
  ['Daily', '每日'],
  ['Little', '小小'],
  ['Grand', '大师'],
  ['Pure', '纯净'],
  ['Cloud', '云上'],
  ['Spring', '春日'],
  ['Autumn', '秋日'],
  ['Winter', '冬日'],
  ['Summer', '夏日'],
];

const packs: readonly Word[] = [
  ['', ''],
  ['twin pack', '双联装'],
  ['x 3', '3件装'],
  ['x 6', '6件装'],
  ['x 12', '整箱12件'],
];

// What of the price is cost, in hundredths of a percent, by where it stands in the shop.
const costBps: Readonly<Record<string, bigint>> = {
  fruit: 6_800n,
  vegetables: 6_500n,
  meat: 7_900n,
  seafood: 7_600n,
  milk: 7_800n,
  bakery: 5_800n,
  sauces: 7_400n,
  sweets: 6_600n,
  nuts: 6_400n,
  drinks: 6_900n,
  tea: 5_500n,
  alcohol: 7_200n,
  care: 6_700n,
  kitchen: 5_600n,
  tobacco: 8_800n,
  services: 2_000n,
};
const costBpsUsual = 7_200n;

const dayMs = 86_400_000;

/**
 * Makes `count` products, up to `demoCountMax`, one at a time. The same count, instant and seed make the same ones. `at` is the day
 * on which the store is filled: prices began 400 days before it, costs rose twice since, and some goods are on offer for a week from it.
 */
export function* makeDemoProducts(count: number, random: Random, at: Instant): Generator<DemoProduct, void, void> {
  invariant(Number.isInteger(count) && count >= 0 && count <= demoCountMax, `${count} demo products cannot be made`);
  const kinds = demoGoods();
  for (let number = 0; number < count; number += 1) {
    const goods = kinds[number % kinds.length];
    invariant(goods !== undefined, 'there are demo goods');
    const id = makeId('product', at, random);
    const variation = Math.floor(number / kinds.length);
    const product = variation === 0 ? usualProduct(id, goods, number) : variedProduct(id, goods, number, variation);
    const priceMinor = variation === 0 ? goods.priceMinor : variedPrice(goods.priceMinor, variation, random);
    yield { product, prices: pricesOf(id, priceMinor, number, at), costs: costsOf(id, goods, priceMinor, at, random) };
  }
}

function usualProduct(id: ProductId, goods: DemoGoods, number: number): Product {
  const isBranded = !goods.isWeighed && goods.department !== 'services' && goods.department !== 'kitchen';
  const [brandEn, brandZh] = isBranded ? wordAt(brands, number * 7) : ['', ''];
  const names = { en: joined(brandEn, goods.en, goods.size.en), zh: `${brandZh}${goods.zh}${goods.size.zh}` };
  return {
    ...baseOf(id, goods, number),
    names,
    pinyin: pinyinOf(names.zh),
    unit: goods.isWeighed ? 'kilogram' : 'piece',
    barcodes: goods.isWeighed || goods.department === 'services' ? [] : barcodesOf(number),
    plu: goods.isWeighed ? String(1_001 + number) : null,
  };
}

// What is weighed comes again as a tray, for a scale knows no hundred thousand numbers.
function variedProduct(id: ProductId, goods: DemoGoods, number: number, variation: number): Product {
  const [brandEn, brandZh] = wordAt(brands, number * 7 + variation);
  const [seriesEn, seriesZh] = wordAt(series, Math.floor(variation / brands.length));
  const [packEn, packZh] = wordAt(packs, Math.floor(variation / (brands.length * series.length)));
  const size = goods.isWeighed ? { en: '500 g tray', zh: '500克盒装' } : goods.size;
  const names = {
    en: joined(brandEn, seriesEn, goods.en, size.en, packEn),
    zh: `${brandZh}${seriesZh}${goods.zh}${size.zh}${packZh}`,
  };
  const product = { ...baseOf(id, goods, number), names, pinyin: pinyinOf(names.zh) };
  return { ...product, unit: 'piece', barcodes: barcodesOf(number), plu: null };
}

function baseOf(id: ProductId, goods: DemoGoods, number: number) {
  return {
    id,
    code: codeOf(number),
    departmentId: departmentId(goods.department),
    taxClassId: taxClassId(goods.taxClass),
    minimumAge: goods.department === 'alcohol' || goods.department === 'tobacco' ? 18 : null,
    isActive: true,
    picture: null,
  } as const;
}

function codeOf(number: number): ProductCode {
  const code = parseCode('product', String(100_001 + number));
  invariant(code !== undefined, 'a demo code is a code');
  return code;
}

// Every fiftieth product has changed its packaging once, and both numbers are still on the shelf: 8 digits and 13.
function barcodesOf(number: number) {
  const barcode = makeGtin(`699999${String(number).padStart(6, '0')}`);
  const former = number % 50 === 7 && number < 100_000 ? [makeGtin(`69${String(number).padStart(5, '0')}`)] : [];
  return [barcode, ...former];
}

function variedPrice(usual: bigint, variation: number, random: Random): bigint {
  const pack = BigInt([1, 2, 3, 6, 12][Math.floor(variation / (brands.length * series.length)) % packs.length] ?? 1);
  const varied = (usual * pack * BigInt(8_000 + below(random, 5_000))) / 10_000n;
  // In whole jiao, as on a shelf; nothing is free.
  const tenths = varied / 10n;
  return tenths < 1n ? 10n : tenths * 10n;
}

function pricesOf(productId: ProductId, minor: bigint, number: number, at: Instant): readonly Price[] {
  const regular: Price = {
    listId: priceListId('regular'),
    productId,
    storeId: null,
    amount: money('CNY', minor),
    validFrom: daysBefore(at, 400),
    validTo: null,
  };
  if (number % 17 !== 5) return [regular];
  const amount = money('CNY', (minor * 85n) / 100n);
  const offer = { listId: priceListId('weekly'), amount, validFrom: at, validTo: plus(at, durationMs(7 * dayMs)) };
  return [regular, { ...regular, ...offer }];
}

function costsOf(
  productId: ProductId,
  goods: DemoGoods,
  priceMinor: bigint,
  at: Instant,
  random: Random,
): readonly Cost[] {
  const bps = costBps[goods.department] ?? costBpsUsual;
  const latest = (priceMinor * bps) / 10_000n;
  return [400, 180, 30].map((days, index) => {
    const lower = [300 + below(random, 200), 80 + below(random, 150), 0][index] ?? 0;
    const amount = money('CNY', (latest * BigInt(10_000 - lower)) / 10_000n);
    return { productId, amount, validFrom: daysBefore(at, days) };
  });
}

function daysBefore(at: Instant, days: number): Instant {
  return instant(at - days * dayMs);
}

function wordAt(words: readonly Word[], place: number): Word {
  return words[place % words.length] ?? ['', ''];
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
