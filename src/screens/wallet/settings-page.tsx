// The wallet's own wishes: which wallet, how long its codes are, more money, language and colours.

import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDecimal, isCurrency, parseMoney } from '#foundation/money.ts';
import { languageNames, languages } from '../style/choose-language.ts';
import { speak } from '../style/language.ts';
import { useObservable } from '../style/observable.ts';
import { switchTheme, theme } from '../style/theme.ts';
import type { WalletView } from './sandbox-client.ts';
import { showAmount } from './show-amount.ts';
import { digitChoices, type Wallet } from './wallet.ts';

export function SettingsPage({ wallet, view }: { readonly wallet: Wallet; readonly view: WalletView }) {
  const { t } = useTranslation('wallet');
  return (
    <>
      <TopUp wallet={wallet} view={view} />
      <section className="card list-card" aria-labelledby="settings-title">
        <h2 id="settings-title">{t('settings.title')}</h2>
        <Wishes wallet={wallet} />
      </section>
      <section className="card list-card">
        <h2>{t('settings.wallet')}</h2>
        <dl className="wallet-facts">
          <div>
            <dt>{t('settings.account')}</dt>
            <dd>{view.logonId}</dd>
          </div>
          <div>
            <dt>{t('settings.wallet')}</dt>
            <dd className="figure">{view.walletId}</dd>
          </div>
          <div>
            <dt>{t('settings.passwordAbove')}</dt>
            <dd className="figure">{showAmount(view.passwordAbove, view.currency)}</dd>
          </div>
        </dl>
        <button type="button" className="button" onClick={() => void wallet.choose()}>
          {t('settings.other')}
        </button>
      </section>
    </>
  );
}

function Wishes({ wallet }: { readonly wallet: Wallet }) {
  const { t, i18n } = useTranslation('wallet');
  const { digitsCount } = useObservable(wallet.state);
  const dark = useObservable(theme) === 'dark';
  return (
    <>
      <div className="field">
        <label htmlFor="digits">{t('settings.digits')}</label>
        <select
          id="digits"
          value={digitsCount}
          aria-describedby="digits-help"
          onChange={(event) => wallet.setDigits(Number(event.target.value))}
        >
          {digitChoices.map((count) => (
            <option key={count} value={count}>
              {t('settings.digitsChoice', { count })}
            </option>
          ))}
        </select>
        <span id="digits-help" className="small">
          {t('settings.digitsHelp')}
        </span>
      </div>
      <div className="field">
        <label htmlFor="language">{t('settings.language')}</label>
        <select id="language" value={i18n.language} onChange={(event) => void speak(i18n, event.target.value)}>
          {languages.map((language) => (
            <option key={language} value={language} lang={language}>
              {languageNames[language]}
            </option>
          ))}
        </select>
      </div>
      <button type="button" className="button" onClick={switchTheme}>
        {t(dark ? 'settings.light' : 'settings.dark')}
      </button>
    </>
  );
}

function TopUp({ wallet, view }: { readonly wallet: Wallet; readonly view: WalletView }) {
  const { t } = useTranslation('wallet');
  const [text, setText] = useState('100.00');
  const [fault, setFault] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = isCurrency(view.currency) ? parseMoney(view.currency, text.trim()) : undefined;
    if (parsed === undefined || !parsed.ok || parsed.value.minor <= 0n) setFault(true);
    else await wallet.topUp(formatDecimal(parsed.value));
  };
  return (
    <section className="card list-card" aria-labelledby="topup-title">
      <div className="topup-head">
        <h2 id="topup-title">{t('settings.topUp')}</h2>
        <span className="figure">{showAmount(view.balance, view.currency)}</span>
      </div>
      <form className="topup" onSubmit={(event) => void submit(event)} noValidate>
        <div className="field">
          <label htmlFor="topup">{t('settings.topUpAmount')}</label>
          <input
            id="topup"
            className="figure"
            inputMode="decimal"
            autoComplete="off"
            maxLength={12}
            value={text}
            aria-invalid={fault}
            aria-describedby="topup-fault"
            onChange={(event) => {
              setText(event.target.value);
              setFault(false);
            }}
          />
          <span id="topup-fault" className="field-error" role="alert">
            {fault && t('settings.topUpFault')}
          </span>
        </div>
        <button type="submit" className="button first">
          {t('settings.topUpSend')}
        </button>
      </form>
    </section>
  );
}
