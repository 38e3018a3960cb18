// Custody as a manager sees it: what is known of each payment that is still being brought to its end, what happens next by itself, and
// when. There is no act here: nobody decides whether money moved.

import { formatInstant } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import type { Attempt, ChargePhase } from '#payment/index.ts';
import { type CustodyEntryView, custodySchema } from '../../contract/custody.ts';
import { problemSchema } from '../../contract/problem.ts';
import { deviceOf } from '../authenticate.ts';
import type { App, StoreParts } from './store-parts.ts';

// A store with more has no Alipay at all for hours; the oldest are shown.
const listMax = 500;

export function custodyRoutes(app: App, { paymentJournal }: StoreParts): void {
  app.get('/payments/custody', {
    config: { access: 'person', act: 'see-custody' },
    schema: {
      operationId: 'listCustody',
      tags: ['Payments'],
      summary: 'Payments that are being brought to their end, with what happens next',
      description: 'Nothing has to be done, and nothing can be: every one of them ends by itself.',
      response: { 200: custodySchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const attempts = await paymentJournal.listCustody(merchantId, listMax);
      return { payments: attempts.filter(({ identity }) => identity.storeId === storeId).map(custodyView) };
    },
  });
}

type Standing = Pick<CustodyEntryView, 'phase' | 'phaseWords' | 'nextStep' | 'nextStepWords'>;

const reversing: Standing = {
  phase: 'reversing',
  phaseWords: 'The till was told "not paid". Alipay has not yet confirmed that nothing was charged.',
  nextStep: 'cancel',
  nextStepWords: 'Cancel the payment at Alipay again.',
};
const lookingBack: Standing = {
  phase: 'looking-back',
  phaseWords: 'The payment is closed. Alipay is asked once more, in case a request was held up on its way.',
  nextStep: 'ask-again',
  nextStepWords: 'Ask Alipay whether anything was charged after all; if so, it is given back.',
};
const refundUnclear: Standing = {
  phase: 'refund-unclear',
  phaseWords: 'Alipay was asked to give money back, and has not yet said clearly whether it did.',
  nextStep: 'ask-about-the-refund',
  nextStepWords: 'Ask Alipay about the refund, and send it again under the same number if it is not known.',
};

/** Custody begins with the till's word, so the phases before it appear here only when their time is just being set: as asked again. */
const charges: Readonly<Record<ChargePhase, Standing>> = {
  authorizing: lookingBack,
  'awaiting-payer': lookingBack,
  unclear: lookingBack,
  approved: lookingBack,
  declined: lookingBack,
  reversed: lookingBack,
  returned: lookingBack,
  reversing,
  watching: {
    phase: 'watching',
    phaseWords: 'Alipay says that it never got the payment. It is watched until the code can no longer be used.',
    nextStep: 'ask-whether-it-arrived',
    nextStepWords: 'Ask Alipay whether it has arrived meanwhile, and cancel it if so.',
  },
  returning: {
    phase: 'returning',
    phaseWords: 'The customer was charged too late for the sale. The money is being given back.',
    nextStep: 'give-back',
    nextStepWords: 'Refund the whole amount, under the same number as before.',
  },
};

/** One attempt in custody, in words. */
export function custodyView(attempt: Attempt): CustodyEntryView {
  const { identity, state } = attempt;
  const isCharge = attempt.kind === 'charge';
  return {
    paymentId: isCharge ? identity.id : attempt.charge.id,
    refundId: isCharge ? null : identity.id,
    saleId: identity.saleId,
    deviceId: identity.deviceId,
    amount: formatDecimal(identity.amount),
    currency: identity.amount.currency,
    ...(isCharge ? charges[attempt.state.phase] : refundUnclear),
    toldTheTill: isCharge ? attempt.state.finalWord : null,
    channelReference: state.evidence?.channelReference ?? (isCharge ? null : attempt.charge.channelReference),
    startedAt: formatInstant(identity.createdAt),
    lastChangeAt: formatInstant(state.changedAt),
    rounds: state.rounds,
    isUnderWay: state.inFlight !== null,
    nextAt: state.dueAt === null ? null : formatInstant(state.dueAt),
  };
}
