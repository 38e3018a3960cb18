// What this wallet has paid, what came back, what was refused; newest first.

import { useTranslation } from 'react-i18next';
import type { HistoryRow, WalletView } from './sandbox-client.ts';
import { showAmount } from './show-amount.ts';

export function HistoryPage({ view }: { readonly view: WalletView }) {
  const { t } = useTranslation('wallet');
  return (
    <section className="card list-card" aria-labelledby="history-title">
      <h2 id="history-title">{t('history.title')}</h2>
      {view.history.length === 0 && <p className="small">{t('history.none')}</p>}
      <ul className="history">
        {view.history.map((row) => (
          <Row key={row.tradeNo} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row }: { readonly row: HistoryRow }) {
  const { t, i18n } = useTranslation('wallet');
  const at = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'short' }).format(
    Date.parse(row.at),
  );
  const state = row.closedBecause ?? row.state;
  const tone = row.state === 'paid' || row.state === 'finished' ? 'paid' : row.state === 'waiting' ? 'waiting' : '';
  return (
    <li className="history-row">
      <span className="history-what">
        <strong>{row.subject}</strong>
        <span className="small">{at}</span>
      </span>
      <span className="history-much">
        <span className={`figure ${row.state === 'closed' ? 'struck' : ''}`}>
          {showAmount(row.amount, row.currency)}
        </span>
        <span className={`badge ${tone}`}>{t(`history.state.${state}`)}</span>
        {/[1-9]/.test(row.refunded) && (
          <span className="small">{t('history.returned', { amount: showAmount(row.refunded, row.currency) })}</span>
        )}
      </span>
    </li>
  );
}
