// Reads the business parameters of OpenAPI v2 into the engine's terms. Each rule is one that Alipay documents; the refusal says
// which parameter it was.
// @see facts A.6 to A.10

import { durationMs, type Instant, plus } from '#foundation/instant.ts';
import { formatDecimal, type Money, money, parseMoney } from '#foundation/money.ts';
import { nextBeijingMidnight, parseBeijing } from '../beijing-time.ts';
import type { TradeOrder } from '../engine/trade.ts';
import type { TradeName } from '../engine/trade-engine.ts';
import type { Fields } from '../field-reader.ts';
import { BusinessRefusal } from './business-error.ts';

const orderNumber = {
  max: 64,
  pattern: /^[0-9A-Za-z_]+$/,
  says: 'must be letters, digits and underscores only',
} as const;
const minorMax = 10_000_000_000n;
const goodsMax = 150;
const minuteMs = 60_000;
const unitMs = { m: minuteMs, h: 60 * minuteMs, d: 1_440 * minuteMs } as const;
const timeoutMsMax = 15 * unitMs.d;

export type Caller = { readonly merchantId: string; readonly notifyUrl: string | undefined };

export function readOrder(fields: Fields, caller: Caller): TradeOrder {
  const outTradeNo = fields.text('out_trade_no', orderNumber);
  const amount = readTotal(fields);
  const subject = fields.text('subject', { max: 256, pattern: /^[^/=&]*$/, says: 'must not contain / = or &' });
  checkParts(fields, amount);
  checkGoods(fields);
  return {
    protocol: 'openapi',
    ...caller,
    outTradeNo,
    amount,
    subject,
    context: `${formatDecimal(amount)} ${subject}`,
    echoes: readEchoes(fields),
  };
}

/** When the order closes unpaid: `time_expire` wins over `timeout_express`; `undefined` leaves it to the sandbox. */
export function readExpiry(fields: Fields, now: Instant): Instant | undefined {
  const express = readExpress(fields, 'timeout_express', now);
  const expireText = fields.optionalText('time_expire', { max: 32 });
  if (expireText === undefined) return express;
  const expire = parseBeijing(expireText);
  if (expire === undefined) throw fields.problem('time_expire', 'must be a time as yyyy-MM-dd HH:mm:ss');
  if (expire <= now) throw new BusinessRefusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR');
  return expire;
}

/** `90m`, `2h`, `1d`, or `1c` for the end of the day in Beijing; from one minute to fifteen days. */
export function readExpress(fields: Fields, name: string, now: Instant): Instant | undefined {
  const text = fields.optionalText(name, { max: 6 });
  if (text === undefined) return undefined;
  if (text === '1c') return nextBeijingMidnight(now);
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  const unit = match?.[2];
  const lifeMs = unit === 'm' || unit === 'h' || unit === 'd' ? Number(match?.[1]) * unitMs[unit] : 0;
  if (lifeMs < minuteMs || lifeMs > timeoutMsMax)
    throw fields.problem(name, 'must be 1m to 15d, such as 90m, 2h or 1c');
  return plus(now, durationMs(lifeMs));
}

/** The trade that a call names; `trade_no` wins. */
export function readTradeName(fields: Fields, merchantId: string): TradeName {
  const tradeNo = fields.optionalText('trade_no', { max: 64 });
  const outTradeNo = fields.optionalText('out_trade_no', { max: 64 });
  if (tradeNo === undefined && outTradeNo === undefined)
    throw fields.problem('out_trade_no', 'or trade_no is required');
  return { merchantId, tradeNo, outTradeNo };
}

export function readRefundAmount(fields: Fields): Money {
  const amount = parseMoney('CNY', fields.text('refund_amount', { max: 16 }));
  if (!amount.ok || amount.value.minor <= 0n)
    throw fields.problem('refund_amount', 'must be yuan above zero with at most two decimals');
  return amount.value;
}

function readTotal(fields: Fields): Money {
  const currency = fields.optionalText('trans_currency', { max: 8 }) ?? 'CNY';
  if (currency !== 'CNY') throw new BusinessRefusal('ACQ.CURRENCY_NOT_SUPPORT', currency);
  const amount = parseMoney('CNY', fields.text('total_amount', { max: 16 }));
  if (!amount.ok) throw fields.problem('total_amount', 'must be yuan with at most two decimals, 88.88');
  if (amount.value.minor <= 0n || amount.value.minor > minorMax) throw new BusinessRefusal('ACQ.TOTAL_FEE_EXCEED');
  return amount.value;
}

function checkParts(fields: Fields, total: Money): void {
  const parts = ['discountable_amount', 'undiscountable_amount'].map((name) => readPart(fields, name));
  if (parts.some((part) => part === undefined)) return;
  const sum = parts.reduce((left, part) => left + (part?.minor ?? 0n), 0n);
  if (sum !== total.minor) throw fields.problem('total_amount', 'must be discountable plus undiscountable amount');
}

function readPart(fields: Fields, name: string): Money | undefined {
  const text = fields.optionalText(name, { max: 11 });
  if (text === undefined) return undefined;
  const amount = parseMoney('CNY', text);
  if (!amount.ok || amount.value.minor < 0n) throw fields.problem(name, 'must be yuan with at most two decimals');
  return money('CNY', amount.value.minor);
}

function checkGoods(fields: Fields): void {
  const goods = fields.raw('goods_detail');
  if (goods === undefined || goods === null || goods === '') return;
  if (!Array.isArray(goods)) throw fields.problem('goods_detail', 'must be a list');
  if (goods.length > goodsMax) throw new BusinessRefusal('ACQ.SUB_GOODS_SIZE_MAX_COUNT');
}

const echoShapes = {
  store_id: 32,
  terminal_id: 32,
  operator_id: 28,
  alipay_store_id: 32,
  body: 128,
  passback_params: 512,
};

function readEchoes(fields: Fields): Readonly<Record<string, string>> {
  const echoes: Record<string, string> = {};
  for (const [name, max] of Object.entries(echoShapes)) {
    const value = fields.optionalText(name, { max });
    if (value !== undefined) echoes[name] = value;
  }
  return echoes;
}
