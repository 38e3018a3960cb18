// What to do now: key an amount, or scan. The code field is for codes typed by hand, for a paste, and for a phone whose screen
// the scanner cannot read.

import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '#foundation/money.ts';
import { Icon } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { readPad } from './amount-pad.ts';
import { isInCustody } from './payment-entry.ts';
import type { Till } from './till.ts';

export function ReadyCard(props: {
  readonly till: Till;
  readonly codeField: RefObject<HTMLInputElement | null>;
  readonly onCamera: () => void;
}) {
  const { t } = useTranslation('till');
  const { till } = props;
  const { padText } = useObservable(till.state);
  const amount = readPad(padText, till.currency);
  return (
    <section className={`ready ${amount === undefined ? '' : 'ready-now'}`} aria-live="polite">
      <div className="ready-words">
        <Icon name="scan" size={40} />
        <div>
          <h2>{amount === undefined ? t('ready.enterAmount') : t('ready.scan')}</h2>
          <p className="small">
            {amount === undefined ? t('ready.enterAmountHint') : t('ready.scanHint', { amount: formatMoney(amount) })}
          </p>
        </div>
      </div>
      <CodeForm {...props} />
      <LastPayment till={till} />
    </section>
  );
}

function CodeForm(props: {
  readonly till: Till;
  readonly codeField: RefObject<HTMLInputElement | null>;
  readonly onCamera: () => void;
}) {
  const { t } = useTranslation('till');
  const [code, setCode] = useState('');
  return (
    <form
      className="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() === '') return;
        setCode('');
        props.codeField.current?.blur();
        props.till.scanned(code);
      }}
    >
      <div className="field">
        <label htmlFor="payment-code">{t('ready.codeLabel')}</label>
        <input
          id="payment-code"
          ref={props.codeField}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          inputMode="numeric"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          maxLength={80}
          aria-describedby="payment-code-hint"
        />
        <span className="small" id="payment-code-hint">
          {t('ready.codeHint')}
        </span>
      </div>
      <div className="button-row">
        <button type="submit" className="button">
          {t('ready.charge')}
        </button>
        <button type="button" className="button" onClick={props.onCamera}>
          <Icon name="camera" />
          {t('ready.camera')}
        </button>
      </div>
    </form>
  );
}

// After the green sheet has gone, its result can still be seen.
function LastPayment({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const { last } = useObservable(till.state);
  if (last === null) return null;
  const word = last.phase === 'paid' ? 'paid' : isInCustody(last) ? 'custody' : 'not-paid';
  return (
    <p className="last small">
      {t('ready.last')}
      <span className="figure">{formatMoney(last.amount)}</span>
      <span className={`badge ${word}`}>
        <Icon name={word === 'paid' ? 'tick' : word === 'custody' ? 'shield' : 'cross'} size={14} />
        {t(`status.${word}`)}
      </span>
    </p>
  );
}
