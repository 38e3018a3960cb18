// Gives money back: all of it or a part. What is wrong with the amount stands beside the field; what the refund is doing is
// said until it has ended.

import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDecimal, formatMoney, type Money } from '#foundation/money.ts';
import { Icon } from '../style/icons.tsx';
import { type AmountFault, giveBack, type RefundProgress, readRefundAmount } from './refund-act.ts';
import type { Till } from './till.ts';
import { problemText } from './till-words.ts';

type FormProps = {
  readonly till: Till;
  readonly paymentId: string;
  readonly refundable: Money;
  readonly onChanged: () => void;
};

export function RefundForm({ till, paymentId, refundable, onChanged }: FormProps) {
  const [act, setAct] = useState<{ readonly key: string; readonly amount: Money } | null>(null);
  const [progress, setProgress] = useState<RefundProgress | null>(null);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const send = (amount: Money) => {
    const key = till.ambient.makeKey();
    setAct({ key, amount });
    const tell = (next: RefundProgress) => {
      if (mounted.current) setProgress(next);
      if (next.kind === 'refund') onChanged();
    };
    void giveBack(till.client, till.ambient, { paymentId, amount, key }, tell, () => mounted.current);
  };
  if (act !== null && progress !== null && progress.kind !== 'refused') {
    const again = () => {
      setAct(null);
      setProgress(null);
    };
    return <Progress amount={act.amount} progress={progress} {...(refundable.minor > 0n ? { again } : {})} />;
  }
  if (refundable.minor <= 0n) return null;
  return (
    <AmountForm
      key={formatDecimal(refundable)}
      refundable={refundable}
      refused={progress?.kind === 'refused' ? progress : null}
      onSend={send}
    />
  );
}

function AmountForm(props: {
  readonly refundable: Money;
  readonly refused: Extract<RefundProgress, { kind: 'refused' }> | null;
  readonly onSend: (amount: Money) => void;
}) {
  const { t } = useTranslation('till');
  const id = useId();
  const [text, setText] = useState(formatDecimal(props.refundable));
  const [fault, setFault] = useState<AmountFault | null>(null);
  const most = formatMoney(props.refundable);
  const read = readRefundAmount(text, props.refundable);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof read === 'string') setFault(read);
    else props.onSend(read);
  };
  const error =
    fault !== null
      ? t(`refund.${fault}`, { amount: most })
      : props.refused === null
        ? null
        : problemText(t, props.refused.problem);
  return (
    <form className="refund" onSubmit={submit} noValidate>
      <h3>{t('refund.title')}</h3>
      <div className="field">
        <label htmlFor={id}>{t('refund.amount')}</label>
        <input
          id={id}
          className="figure"
          value={text}
          inputMode="decimal"
          autoComplete="off"
          maxLength={20}
          aria-invalid={error !== null}
          aria-describedby={`${id}-help`}
          onChange={(event) => {
            setText(event.target.value);
            setFault(null);
          }}
        />
        <span id={`${id}-help`}>
          {error === null ? (
            <span className="small">{t('refund.help', { amount: most })}</span>
          ) : (
            <span className="field-error" role="alert">
              {error}
            </span>
          )}
        </span>
      </div>
      <div className="button-row">
        <button type="submit" className="button first">
          {typeof read === 'string' ? t('refund.sendPlain') : t('refund.send', { amount: formatMoney(read) })}
        </button>
        <button type="button" className="button" onClick={() => setText(formatDecimal(props.refundable))}>
          {t('refund.all')}
        </button>
      </div>
    </form>
  );
}

function Progress(props: { readonly amount: Money; readonly progress: RefundProgress; readonly again?: () => void }) {
  const { t } = useTranslation('till');
  const { progress } = props;
  const status = progress.kind === 'refund' ? progress.refund.status : progress.kind;
  const amount = formatMoney(props.amount);
  const done = status === 'refunded';
  const failed = status === 'declined';
  return (
    <div className={`refund-progress ${done ? 'done' : failed ? 'failed' : ''}`} role="status">
      <p>
        <Icon name={done ? 'tick' : failed ? 'cross' : 'clock'} size={28} />
        <span>
          {done && <strong>{`${t('refund.refunded')} ${amount}`}</strong>}
          {failed && t('refund.declined')}
          {status === 'sending' && t('refund.sending', { amount })}
          {status === 'away' && t('refund.away')}
          {status === 'processing' && t('refund.processing')}
        </span>
      </p>
      {props.again !== undefined && (done || failed) && (
        <button type="button" className="button" onClick={props.again}>
          {t('refund.another')}
        </button>
      )}
    </div>
  );
}
