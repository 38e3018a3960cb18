// Which wallet this phone is: one of the sandbox's, or a new one.

import { useTranslation } from 'react-i18next';
import { useObservable } from '../style/observable.ts';
import { showAmount } from './show-amount.ts';
import { newBalance, type Wallet } from './wallet.ts';

export function ChoosePage({ wallet }: { readonly wallet: Wallet }) {
  const { t } = useTranslation('wallet');
  const { choice, trouble } = useObservable(wallet.state);
  if (choice === null) return trouble === null ? <p className="card quiet">{t('choose.loading')}</p> : null;
  return (
    <section className="card list-card">
      <h2>{t('choose.title')}</h2>
      <p className="small">{choice.length === 0 ? t('choose.none') : t('choose.text')}</p>
      <button type="button" className="button first" onClick={() => void wallet.make()}>
        {t('choose.make', { amount: showAmount(newBalance, 'CNY') })}
      </button>
      <ul className="wallets">
        {choice.map((line) => (
          <li key={line.walletId}>
            <button type="button" className="button wallet-line" onClick={() => wallet.pick(line.walletId)}>
              <span>
                {line.logonId}
                <small className="figure">{line.walletId}</small>
              </span>
              <span className="figure">{showAmount(line.balance, line.currency)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
