// What the customer sees when Alipay wants the password: amount, shop, six digits; confirm or refuse.

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObservable } from '../style/observable.ts';
import type { Pending } from './sandbox-client.ts';
import { showAmount } from './show-amount.ts';
import type { Wallet } from './wallet.ts';

const digitsNeeded = 6;

export function ConfirmSheet({ wallet, pending }: { readonly wallet: Wallet; readonly pending: Pending }) {
  const { t, i18n } = useTranslation('wallet');
  const box = useRef<HTMLDialogElement>(null);
  const [sending, setSending] = useState(false);
  useEffect(() => {
    box.current?.showModal();
    wallet.clearTrouble();
  }, [wallet]);
  const answer = async (accept: boolean) => {
    setSending(true);
    await wallet.answer(accept, pending.outTradeNo);
    setSending(false);
  };
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' }).format(Date.parse(pending.closesAt));
  return (
    // Esc does not answer: a customer who walks away has answered nothing.
    <dialog ref={box} className="confirm" aria-labelledby="confirm-title" onCancel={(event) => event.preventDefault()}>
      <p className="confirm-mark">
        <span className="sandbox-mark">{t('sandbox')}</span>
      </p>
      <h2 id="confirm-title">{t('confirm.title')}</h2>
      <p className="confirm-amount figure">{showAmount(pending.amount, pending.currency)}</p>
      <p>
        {t('confirm.to')} <strong>{pending.subject}</strong>
      </p>
      <p className="small">{t('confirm.closes', { time })}</p>
      <PasswordForm sending={sending} onConfirm={() => void answer(true)} onRefuse={() => void answer(false)} />
      <SheetTrouble wallet={wallet} />
    </dialog>
  );
}

// The bar behind the dialog cannot be seen from inside it.
function SheetTrouble({ wallet }: { readonly wallet: Wallet }) {
  const { t } = useTranslation('wallet');
  const { trouble, address } = useObservable(wallet.state);
  return (
    <p className="field-error" role="alert">
      {trouble !== null && t(`trouble.${trouble}`, { address: address ?? '' })}
    </p>
  );
}

function PasswordForm(props: {
  readonly sending: boolean;
  readonly onConfirm: () => void;
  readonly onRefuse: () => void;
}) {
  const { t } = useTranslation('wallet');
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(password.length < digitsNeeded);
    if (password.length >= digitsNeeded) props.onConfirm();
  };
  return (
    <form className="password" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor="password">{t('confirm.password')}</label>
        <input
          id="password"
          type="password"
          inputMode="numeric"
          autoComplete="off"
          maxLength={digitsNeeded}
          value={password}
          aria-invalid={short}
          aria-describedby="password-help"
          onChange={(event) => {
            setPassword(event.target.value.replace(/\D/g, ''));
            setShort(false);
          }}
        />
        <span id="password-help">
          {short ? (
            <span className="field-error" role="alert">
              {t('confirm.passwordShort')}
            </span>
          ) : (
            <span className="small">{t('confirm.passwordHelp')}</span>
          )}
        </span>
      </div>
      <button type="submit" className="button first" disabled={props.sending}>
        {t(props.sending ? 'confirm.sending' : 'confirm.send')}
      </button>
      <button type="button" className="button" disabled={props.sending} onClick={props.onRefuse}>
        {t('confirm.refuse')}
      </button>
    </form>
  );
}
