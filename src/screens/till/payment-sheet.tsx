// The sheet over the right half while a payment is in front. It says what we wait for, how long at most, and how it ended, each
// legible from two metres. No button on it decides whether money moved.

import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '#foundation/money.ts';
import { Icon, type IconName } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { type Entry, isFinal, isInCustody, secondsLeft } from './payment-entry.ts';
import type { Till } from './till.ts';
import { reasonCode, reasonText, shortId } from './till-words.ts';

export function PaymentSheet({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const { front } = useObservable(till.desk.state);
  if (front === null) return null;
  const tone = front.phase === 'paid' ? 'paid' : isFinal(front) ? 'not-paid' : 'running';
  return (
    <section className={`sheet sheet-${tone}`} aria-label={t('sheet.label')} data-phase={front.phase}>
      {tone === 'running' && <Running till={till} entry={front} />}
      {tone === 'paid' && <Paid till={till} entry={front} />}
      {tone === 'not-paid' && <NotPaid till={till} entry={front} />}
    </section>
  );
}

function Running({ till, entry }: { readonly till: Till; readonly entry: Entry }) {
  const { t } = useTranslation('till');
  const [words, hint] = runningWords(entry);
  return (
    <>
      <p className="sheet-amount figure">{formatMoney(entry.amount)}</p>
      <Ring entry={entry} nowMs={till.ambient.nowMs} />
      <div className="sheet-words" role="status">
        <h2>
          {!entry.inTouch && <Icon name="offline" size={28} />}
          {t(`sheet.${words}`)}
        </h2>
        <p>{t(`sheet.${hint}`)}</p>
      </div>
      <Particulars entry={entry} />
      <div className="sheet-acts">
        <NextCustomer till={till} first />
        {entry.phase === 'awaiting-payer' && !entry.stopAsked && (
          <button type="button" className="button" onClick={() => void till.desk.stopWaiting()}>
            {t('sheet.stop')}
            <kbd>F8</kbd>
          </button>
        )}
      </div>
    </>
  );
}

function runningWords(entry: Entry) {
  if (!entry.inTouch) return ['outOfTouch', 'outOfTouchHint'] as const;
  if (entry.stopAsked) return ['stopping', 'stoppingHint'] as const;
  if (entry.phase === 'awaiting-payer') return ['awaiting', 'awaitingHint'] as const;
  if (entry.phase === 'checking') return ['checking', 'checkingHint'] as const;
  return ['sending', 'sendingHint'] as const;
}

function Paid({ till, entry }: { readonly till: Till; readonly entry: Entry }) {
  const { t } = useTranslation('till');
  return (
    <>
      <Outcome icon="tick" words={t('sheet.paid')} amount={formatMoney(entry.amount)} />
      <Particulars entry={entry} />
      <div className="sheet-acts">
        <NextCustomer till={till} first />
      </div>
    </>
  );
}

function NotPaid({ till, entry }: { readonly till: Till; readonly entry: Entry }) {
  const { t } = useTranslation('till');
  const custody = isInCustody(entry);
  const code = reasonCode(entry);
  return (
    <>
      <Outcome icon="cross" words={t('sheet.notPaid')} amount={formatMoney(entry.amount)}>
        <p className="sheet-reason">
          {reasonText(t, entry)}
          {code !== null && (
            <span className="sheet-code">
              {t('sheet.code')} {code}
            </span>
          )}
        </p>
        {custody && (
          <p className="sheet-custody">
            <Icon name="shield" size={28} />
            <span>
              <strong>{t('sheet.custody')}</strong>
              <br />
              {t('sheet.receipt')} <span className="figure">{shortId(entry.saleId ?? '')}</span>
            </span>
          </p>
        )}
      </Outcome>
      {!custody && <Particulars entry={entry} />}
      <div className="sheet-acts">
        {custody ? (
          <NextCustomer till={till} first />
        ) : (
          <>
            <button type="button" className="button first" onClick={() => till.desk.closeEnded()}>
              {t(asksForNewCode(entry) ? 'sheet.newCode' : 'sheet.again')}
              <kbd>Esc</kbd>
            </button>
            <NextCustomer till={till} />
          </>
        )}
      </div>
    </>
  );
}

function asksForNewCode(entry: Entry): boolean {
  const reason = entry.view?.reason;
  return reason === 'code-expired' || reason === 'code-invalid' || reason === 'closed';
}

function Outcome(props: {
  readonly icon: IconName;
  readonly words: string;
  readonly amount: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="outcome" role="alert">
      <span className="outcome-icon">
        <Icon name={props.icon} size={72} />
      </span>
      <h2>{props.words}</h2>
      <p className="sheet-amount figure">{props.amount}</p>
      {props.children}
    </div>
  );
}

function NextCustomer({ till, first = false }: { readonly till: Till; readonly first?: boolean }) {
  const { t } = useTranslation('till');
  return (
    <button type="button" className={first ? 'button first' : 'button'} onClick={() => till.nextCustomer()}>
      {t('sheet.next')}
      <kbd>F4</kbd>
    </button>
  );
}

function Particulars({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('till');
  const payer = entry.view?.payerAccount ?? null;
  if (payer === null && entry.saleId === null) return null;
  return (
    <dl className="particulars">
      {payer !== null && (
        <div>
          <dt>{t('sheet.payer')}</dt>
          <dd>{payer}</dd>
        </div>
      )}
      {entry.saleId !== null && (
        <div>
          <dt>{t('sheet.receipt')}</dt>
          <dd className="figure">{shortId(entry.saleId)}</dd>
        </div>
      )}
    </dl>
  );
}

const radius = 54;
const round = 2 * Math.PI * radius;

function Ring({ entry, nowMs }: { readonly entry: Entry; readonly nowMs: () => number }) {
  const { t } = useTranslation('till');
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), 250);
    return () => clearInterval(timer);
  }, [nowMs]);
  const left = secondsLeft(entry, now);
  const share = Math.min(1, (left * 1000) / entry.spanMs);
  return (
    <div className="ring" role="timer" aria-label={`${left} ${t('sheet.seconds')}`}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle className="ring-track" cx="60" cy="60" r={radius} />
        <circle className="ring-left" cx="60" cy="60" r={radius} strokeDasharray={`${round * share} ${round}`} />
      </svg>
      <span className="ring-seconds figure" aria-hidden="true">
        {left}
      </span>
    </div>
  );
}
