// One sale: its payments, its refunds, and the form that gives money back.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import { Dialog } from '../style/dialog.tsx';
import { useObservable } from '../style/observable.ts';
import { refundableOf } from './refund-act.ts';
import { RefundForm } from './refund-form.tsx';
import type { Till } from './till.ts';
import { paymentStatus, showAmount, showTime, statusTone } from './till-words.ts';

export function SaleDialog(props: { readonly till: Till; readonly sale: SaleView; readonly onClose: () => void }) {
  const { t } = useTranslation('till');
  const { till } = props;
  const [sale, setSale] = useState(props.sale);
  const { saleId } = props.sale;
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again after each refund
  useEffect(() => {
    let gone = false;
    void till.client.sale(saleId).then((answer) => {
      if (!gone && answer.ok) setSale(answer.value);
    });
    return () => {
      gone = true;
    };
  }, [till, saleId, asked]);
  const paid = sale.payments.findLast((payment) => payment.status === 'paid');
  const refundable = paid === undefined ? undefined : refundableOf(paid);
  const changed = () => {
    setAsked((count) => count + 1);
    void till.refresh();
  };
  return (
    <Dialog
      title={t('sale.title', { amount: showAmount(sale.amount, sale.currency) })}
      closeWord={t('sale.close')}
      onClose={props.onClose}
    >
      <p className="sale-number">
        <span className="small">{t('sale.receipt')}</span> <span className="figure">{sale.saleId}</span>
      </p>
      <h3>{t('sale.payments')}</h3>
      {sale.payments.map((payment) => (
        <PaymentFacts key={payment.paymentId} till={till} payment={payment} />
      ))}
      {sale.refunds.length > 0 && <Refunds till={till} sale={sale} />}
      {paid !== undefined && refundable !== undefined && (
        <RefundForm till={till} paymentId={paid.paymentId} refundable={refundable} onChanged={changed} />
      )}
    </Dialog>
  );
}

function PaymentFacts({ till, payment }: { readonly till: Till; readonly payment: PaymentView }) {
  const { t, i18n } = useTranslation('till');
  const { store } = useObservable(till.state);
  const status = paymentStatus(payment);
  const time = showTime(payment.createdAt, store?.timeZone ?? 'UTC', i18n.language, till.ambient.nowMs());
  return (
    <dl className="facts">
      <div>
        <dt>{time}</dt>
        <dd>
          <span className={`badge ${statusTone[status]}`}>{t(`status.${status}`)}</span>
        </dd>
      </div>
      {payment.status === 'not-paid' && payment.reason !== null && (
        <div>
          <dt>{t('sale.reason')}</dt>
          <dd>
            {t(`reason.${payment.reason}`)} {payment.channelCode !== null && <small>{payment.channelCode}</small>}
          </dd>
        </div>
      )}
      {payment.payerAccount !== null && (
        <div>
          <dt>{t('sale.payer')}</dt>
          <dd>{payment.payerAccount}</dd>
        </div>
      )}
      {payment.channelReference !== null && (
        <div>
          <dt>{t('sale.reference')}</dt>
          <dd className="figure">{payment.channelReference}</dd>
        </div>
      )}
    </dl>
  );
}

function Refunds({ till, sale }: { readonly till: Till; readonly sale: SaleView }) {
  const { t, i18n } = useTranslation('till');
  const { store } = useObservable(till.state);
  return (
    <>
      <h3>{t('sale.refunds')}</h3>
      <dl className="facts">
        {sale.refunds.map((refund) => (
          <div key={refund.refundId}>
            <dt>{showTime(refund.createdAt, store?.timeZone ?? 'UTC', i18n.language, till.ambient.nowMs())}</dt>
            <dd>
              <span className="figure">{showAmount(refund.amount, refund.currency)}</span>{' '}
              <span className="badge">{t(`refund.status.${refund.status}`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
