// The bar on top: which store and till this is, what is in custody, the time, and the device's own wishes.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../style/choose-language.ts';
import { Icon } from '../style/icons.tsx';
import { speak } from '../style/language.ts';
import { useObservable } from '../style/observable.ts';
import { switchTheme, theme } from '../style/theme.ts';
import { muted, switchSound } from './sound.ts';
import { formatOnce } from './store-time.ts';
import type { Till } from './till.ts';

export function Header({ till, onHelp }: { readonly till: Till; readonly onHelp: () => void }) {
  const { t } = useTranslation('till');
  const { store } = useObservable(till.state);
  const silent = useObservable(muted);
  const dark = useObservable(theme) === 'dark';
  const custody = store?.custodyCount ?? 0;
  return (
    <header className="bar">
      <h1 className="bar-place">
        {store === null ? (
          t('header.loading')
        ) : (
          <>
            <span>{store.storeName}</span>
            <span className="bar-device">{store.deviceName}</span>
          </>
        )}
      </h1>
      {typeof store?.sandboxUrl === 'string' && (
        <span className="badge bar-sandbox" title={t('header.sandboxHint')}>
          {t('header.sandbox')}
        </span>
      )}
      {custody > 0 && (
        <span className="badge custody" title={t('header.custodyHint')}>
          <Icon name="shield" size={16} />
          {t('header.custody', { count: custody })}
        </span>
      )}
      <Clock timeZone={store?.timeZone} nowMs={till.ambient.nowMs} />
      <div className="bar-wishes">
        <LanguageChoice />
        <button
          type="button"
          className="button plain"
          onClick={switchSound}
          aria-label={silent ? t('header.muted') : t('header.sound')}
          aria-pressed={!silent}
        >
          <Icon name={silent ? 'mute' : 'sound'} />
        </button>
        <button
          type="button"
          className="button plain"
          onClick={switchTheme}
          aria-label={dark ? t('header.light') : t('header.dark')}
        >
          <Icon name={dark ? 'sun' : 'moon'} />
        </button>
        <button type="button" className="button plain bar-help" onClick={onHelp}>
          <kbd>F1</kbd>
          <span>{t('header.help')}</span>
        </button>
      </div>
    </header>
  );
}

function LanguageChoice() {
  const { t, i18n } = useTranslation('till');
  return (
    <select
      className="button plain"
      aria-label={t('header.language')}
      value={i18n.language}
      onChange={(event) => {
        void speak(i18n, event.target.value);
        // The next digit belongs to the amount, not to this list.
        event.target.blur();
      }}
    >
      {languages.map((language) => (
        <option key={language} value={language} lang={language}>
          {languageNames[language]}
        </option>
      ))}
    </select>
  );
}

function Clock({ timeZone, nowMs }: { readonly timeZone: string | undefined; readonly nowMs: () => number }) {
  const { i18n } = useTranslation('till');
  const [shown, setShown] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setShown(nowMs()), 1_000);
    return () => clearInterval(timer);
  }, [nowMs]);
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = formatOnce(i18n.language, { ...zone, hour: '2-digit', minute: '2-digit', hour12: false });
  return <time className="bar-clock figure">{format.format(shown)}</time>;
}
