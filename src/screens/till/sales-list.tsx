// Today's sales, newest first, each with what became of it. A row opens the sale, and from there its refund.

import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { add, formatMoney, isCurrency, type Money, money, parseMoney } from '#foundation/money.ts';
import type { SaleView } from '#server/contract/ecr.ts';
import { useObservable } from '../style/observable.ts';
import type { Till } from './till.ts';
import { saleStatus, shortId, showAmount, showTime, statusTone } from './till-words.ts';

export function SalesList({ till, onOpen }: { readonly till: Till; readonly onOpen: (sale: SaleView) => void }) {
  const { t } = useTranslation('till');
  const { sales, state, more } = useObservable(till.dayBook.state);
  const { store } = useObservable(till.state);
  const taken = takenOf(sales);
  return (
    <section className="sales" aria-labelledby="sales-title">
      <div className="sales-head">
        <h2 id="sales-title">{t('sales.title')}</h2>
        {taken !== undefined && !more && (
          <span className="figure small">{t('sales.total', { amount: formatMoney(taken) })}</span>
        )}
      </div>
      {state === 'away' && <p className="small sales-note">{t('sales.away')}</p>}
      {sales.length === 0 && state !== 'away' && (
        <p className="small sales-note">{t(state === 'loading' ? 'sales.loading' : 'sales.none')}</p>
      )}
      <ul className="sales-rows">
        {sales.map((sale) => (
          <SaleRow key={sale.saleId} till={till} sale={sale} timeZone={store?.timeZone ?? 'UTC'} onOpen={onOpen} />
        ))}
        {more && (
          <li>
            <button type="button" className="button plain" onClick={() => void till.dayBook.showMore()}>
              {t('sales.more')}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

type RowProps = {
  readonly till: Till;
  readonly sale: SaleView;
  readonly timeZone: string;
  readonly onOpen: (sale: SaleView) => void;
};

// Drawn again only when its sale has changed: a list of a hundred must not stand between the keys of a scan.
const SaleRow = memo(function SaleRow(props: RowProps) {
  const { t, i18n } = useTranslation('till');
  const { sale } = props;
  const status = saleStatus(sale);
  const amount = showAmount(sale.amount, sale.currency);
  const time = showTime(sale.createdAt, props.timeZone, i18n.language, props.till.ambient.nowMs());
  return (
    <li>
      <button
        type="button"
        className="sale-row"
        aria-label={`${t('sales.open', { amount, time })} ${t(`status.${status}`)}`}
        onClick={() => props.onOpen(sale)}
      >
        <span className="figure sale-time">{time}</span>
        <span className="figure sale-id small">{shortId(sale.saleId)}</span>
        <span className={`badge ${statusTone[status]}`}>{t(`status.${status}`)}</span>
        <span className="figure sale-amount">{amount}</span>
      </button>
    </li>
  );
});

/** What the listed sales have collected and not given back; `undefined` when there is nothing to add. */
function takenOf(sales: readonly SaleView[]): Money | undefined {
  const currency = sales[0]?.currency ?? '';
  if (!isCurrency(currency)) return undefined;
  const kept = sales
    .filter((sale) => sale.currency === currency && sale.status !== 'open' && sale.status !== 'paying')
    .flatMap((sale) => {
      const taken = parseMoney(currency, sale.amount);
      const returned = parseMoney(currency, sale.refunded);
      return taken.ok && returned.ok ? [taken.value.minor - returned.value.minor] : [];
    });
  return kept.reduce<Money>((sum, minor) => add(sum, money(currency, minor)), money(currency, 0n));
}
