// Reads the bodies of the global API into the engine's terms. Amounts come as text or as numbers; times as ISO 8601.
// @see facts B.4 to B.6

import type { Instant } from '#foundation/instant.ts';
import { isCurrency, type Money, money } from '#foundation/money.ts';
import { parseIso } from '../beijing-time.ts';
import type { TradeOrder } from '../engine/trade.ts';
import type { TradeName } from '../engine/trade-engine.ts';
import type { Fields } from '../field-reader.ts';
import { GlobalRefusal } from './result.ts';

const id = { max: 64 };

export type ReadPayment = {
  readonly order: TradeOrder;
  readonly code: string;
  readonly expiresAt: Instant | undefined;
};

export function readPayment(fields: Fields, merchantId: string, strict: boolean, now: Instant): ReadPayment {
  fields.oneOf('productCode', ['IN_STORE_PAYMENT']);
  const outTradeNo = fields.text('paymentRequestId', id);
  const scenario = fields.object('paymentFactor').oneOf('inStorePaymentScenario', ['PaymentCode']);
  const method = fields.object('paymentMethod');
  const methodType = method.text('paymentMethodType', { max: 64 });
  const code = method.text('paymentMethodId', { max: 128 });
  const amount = readAmount(fields, 'paymentAmount');
  const order = fields.object('order');
  const subject = order.text('orderDescription', { max: 256 });
  readAmount(order, 'orderAmount');
  if (strict) checkStore(order);
  const settlement = fields.optionalObject('settlementStrategy')?.optionalText('settlementCurrency', { max: 3 }) ?? '';
  return {
    order: {
      protocol: 'global',
      merchantId,
      outTradeNo,
      amount,
      subject,
      // What a repeat must not change, beside the amount.
      context: [scenario, methodType, settlement].join(' '),
      notifyUrl: readUrl(fields, 'paymentNotifyUrl'),
      echoes: {},
    },
    code,
    expiresAt: readTime(fields, 'paymentExpiryTime', now),
  };
}

export type ReadRefund = {
  readonly paymentId: string;
  readonly requestNo: string;
  readonly amount: Money;
  readonly reason: string | undefined;
};

export function readRefund(fields: Fields): ReadRefund {
  return {
    requestNo: fields.text('refundRequestId', id),
    paymentId: fields.text('paymentId', id),
    amount: readAmount(fields, 'refundAmount'),
    reason: fields.optionalText('refundReason', { max: 256 }),
  };
}

/** The payment that a call names; `paymentId` wins. */
export function readPaymentName(fields: Fields, merchantId: string): TradeName {
  const tradeNo = fields.optionalText('paymentId', id);
  const outTradeNo = fields.optionalText('paymentRequestId', id);
  if (tradeNo === undefined && outTradeNo === undefined)
    throw fields.problem('paymentRequestId', 'or paymentId is required');
  return { merchantId, tradeNo, outTradeNo };
}

function readAmount(fields: Fields, name: string): Money {
  const amount = fields.object(name);
  const currency = amount.text('currency', { max: 3 });
  if (!isCurrency(currency)) throw new GlobalRefusal('CURRENCY_NOT_SUPPORT', currency);
  const value = amount.text('value', {
    max: 16,
    pattern: /^[1-9]\d*$/,
    says: 'must be a positive whole number of the smallest unit',
  });
  // Rupiah has two decimals in Alipay's table and none in the shop.
  if (currency === 'IDR' && !value.endsWith('00')) throw amount.problem('value', 'must end in 00 for IDR');
  return money(currency, BigInt(value));
}

function readUrl(fields: Fields, name: string): string | undefined {
  return fields.optionalText(name, {
    max: 2048,
    pattern: /^https?:\/\/\S+$/,
    says: 'must be an http or https address',
  });
}

function readTime(fields: Fields, name: string, now: Instant): Instant | undefined {
  const text = fields.optionalText(name, { max: 64 });
  if (text === undefined) return undefined;
  const at = parseIso(text);
  if (at === undefined) throw fields.problem(name, 'must be ISO 8601 with an offset, 2026-11-23T10:00:00+08:00');
  if (at <= now) throw fields.problem(name, 'is in the past');
  return at;
}

function checkStore(order: Fields): void {
  const merchant = order.object('merchant');
  merchant.text('referenceMerchantId', { max: 64 });
  merchant.text('merchantName', { max: 256 });
  merchant.text('merchantMCC', { max: 32 });
  const store = merchant.object('store');
  store.text('referenceStoreId', { max: 64 });
  store.text('storeName', { max: 256 });
  store.text('storeMCC', { max: 32 });
  const env = order.object('env');
  env.text('storeTerminalId', { max: 64 });
  env.text('storeTerminalRequestTime', { max: 64 });
}
