// The payments that were left behind for the next customer. They resolve by themselves; the strip only shows how.

import { useTranslation } from 'react-i18next';
import { formatMoney } from '#foundation/money.ts';
import { Icon, type IconName } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { type Entry, isFinal, isInCustody } from './payment-entry.ts';
import type { Till } from './till.ts';
import { shortId } from './till-words.ts';

export function LeftStrip({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const { left } = useObservable(till.desk.state);
  if (left.length === 0) return null;
  return (
    <section className="left" aria-label={t('left.label')} aria-live="polite">
      <h2 className="small">{t('left.label')}</h2>
      <ul>
        {left.map((entry) => (
          <LeftRow key={entry.key} till={till} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function LeftRow({ till, entry }: { readonly till: Till; readonly entry: Entry }) {
  const { t } = useTranslation('till');
  const { tone, icon, word } = stand(entry);
  const words = word === 'checking' || word === 'awaiting-payer' ? t(`left.${word}`) : t(`status.${word}`);
  return (
    <li className="left-row">
      <span className="figure">{formatMoney(entry.amount)}</span>
      <span className={`badge ${tone}`}>
        <Icon name={icon} size={14} />
        {words}
      </span>
      {entry.saleId !== null && <span className="small figure">{shortId(entry.saleId)}</span>}
      {isFinal(entry) && (
        <button
          type="button"
          className="button plain"
          aria-label={t('left.dismiss')}
          onClick={() => till.desk.dismissLeft(entry.key)}
        >
          <Icon name="cross" size={16} />
        </button>
      )}
    </li>
  );
}

type Stand = {
  readonly tone: string;
  readonly icon: IconName;
  readonly word: 'paid' | 'custody' | 'not-paid' | 'checking' | 'awaiting-payer';
};

function stand(entry: Entry): Stand {
  if (entry.phase === 'paid') return { tone: 'paid', icon: 'tick', word: 'paid' };
  if (isInCustody(entry)) return { tone: 'custody', icon: 'shield', word: 'custody' };
  if (isFinal(entry)) return { tone: 'not-paid', icon: 'cross', word: 'not-paid' };
  return { tone: 'waiting', icon: 'clock', word: entry.phase === 'awaiting-payer' ? 'awaiting-payer' : 'checking' };
}
