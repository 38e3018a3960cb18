// The phone: a bar that says sandbox on every page, the page, the tabs; and the sheet that asks when something waits.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { ChoosePage } from './choose-page.tsx';
import { CodePage } from './code-page.tsx';
import { ConfirmSheet } from './confirm-sheet.tsx';
import { HistoryPage } from './history-page.tsx';
import { SettingsPage } from './settings-page.tsx';
import { showAmount } from './show-amount.ts';
import type { Wallet } from './wallet.ts';

const tabs = [
  ['code', 'scan'],
  ['history', 'list'],
  ['settings', 'gear'],
] as const;
type Tab = (typeof tabs)[number][0];

export function WalletScreen({ wallet }: { readonly wallet: Wallet }) {
  const { t, i18n } = useTranslation('wallet');
  const { view, choice } = useObservable(wallet.state);
  const [tab, setTab] = useState<Tab>('code');
  useEffect(() => {
    document.title = `${t('title')} · ${t('sandbox')}`;
    document.documentElement.lang = i18n.language;
  }, [t, i18n.language]);
  const pending = view?.pending[0];
  return (
    <div className="phone">
      <header className="wallet-bar">
        <h1>{t('title')}</h1>
        <span className="sandbox-mark" title={t('sandboxHint')}>
          {t('sandbox')}
        </span>
      </header>
      <TroubleBar wallet={wallet} />
      <main className="wallet-page">
        {view === null || choice !== null ? (
          <ChoosePage wallet={wallet} />
        ) : (
          <>
            {tab === 'code' && <CodePage wallet={wallet} view={view} />}
            {tab === 'history' && <HistoryPage view={view} />}
            {tab === 'settings' && <SettingsPage wallet={wallet} view={view} />}
          </>
        )}
      </main>
      <ToldBar wallet={wallet} />
      {view !== null && (
        <nav className="wallet-tabs" aria-label={t('tabs.label')}>
          {tabs.map(([name, icon]) => (
            <button
              key={name}
              type="button"
              aria-current={tab === name ? 'page' : undefined}
              onClick={() => setTab(name)}
            >
              <Icon name={icon} size={24} />
              {t(`tabs.${name}`)}
            </button>
          ))}
        </nav>
      )}
      {pending !== undefined && <ConfirmSheet key={pending.tradeNo} wallet={wallet} pending={pending} />}
    </div>
  );
}

function TroubleBar({ wallet }: { readonly wallet: Wallet }) {
  const { t } = useTranslation('wallet');
  const { trouble, address } = useObservable(wallet.state);
  return (
    <div role="alert">
      {trouble !== null && (
        <p className="trouble">
          <Icon name={trouble === 'away' ? 'offline' : 'cross'} />
          <span>{t(`trouble.${trouble}`, { address: address ?? '' })}</span>
        </p>
      )}
    </div>
  );
}

function ToldBar({ wallet }: { readonly wallet: Wallet }) {
  const { t } = useTranslation('wallet');
  const { told } = useObservable(wallet.state);
  return (
    <div className="told-place" role="status">
      {told !== null && (
        <p className={`told ${told.kind === 'refused' ? 'told-refused' : ''}`}>
          <Icon name={told.kind === 'refused' ? 'cross' : told.kind === 'returned' ? 'undo' : 'tick'} size={28} />
          {t(`told.${told.kind}`, { amount: showAmount(told.amount, told.currency) })}
        </p>
      )}
    </div>
  );
}
