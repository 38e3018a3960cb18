// The left half: the total, the largest thing on the screen, and the keys for it; and the button named Alipay, for those who
// want one. Scanning alone is enough.

import { useTranslation } from 'react-i18next';
import { Icon } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { type PadKey, showPad } from './amount-pad.ts';
import { NoticeBar } from './notice-bar.tsx';
import type { Till } from './till.ts';

const digitKeys: readonly PadKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '0', '00', '.'];

export function AmountPanel({ till, onAlipay }: { readonly till: Till; readonly onAlipay: () => void }) {
  const { t } = useTranslation('till');
  return (
    <section className="amount" aria-label={t('pad.label')}>
      <Total till={till} />
      <NoticeBar till={till} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own layout and a legend that repeats the heading */}
      <div className="pad" role="group" aria-label={t('pad.keys')}>
        {digitKeys.map((key) => (
          <PadButton key={key} till={till} padKey={key} />
        ))}
        <button
          type="button"
          className="pad-key pad-erase"
          aria-label={t('pad.erase')}
          onClick={() => till.press('erase')}
        >
          <Icon name="eraser" size={28} />
        </button>
        <button
          type="button"
          className="pad-key pad-clear"
          aria-label={t('pad.clearLong')}
          onClick={() => till.press('clear')}
        >
          {t('pad.clear')}
        </button>
      </div>
      <button type="button" className="button alipay pay" onClick={onAlipay}>
        Alipay
        <kbd>F2</kbd>
      </button>
    </section>
  );
}

function Total({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const { padText } = useObservable(till.state);
  const { keyed, rest } = showPad(padText, till.currency);
  return (
    <div className="total">
      <span className="total-word">{t('pad.total')}</span>
      <output className="total-figure figure" aria-label={t('pad.total')}>
        <span className={padText === '' ? 'total-rest' : ''}>{keyed}</span>
        <span className="total-rest">{rest}</span>
      </output>
    </div>
  );
}

function PadButton({ till, padKey }: { readonly till: Till; readonly padKey: PadKey }) {
  const { t } = useTranslation('till');
  const spoken = padKey === '00' ? t('pad.doubleZero') : padKey === '.' ? t('pad.point') : padKey;
  return (
    <button type="button" className="pad-key figure" aria-label={spoken} onClick={() => till.press(padKey)}>
      {padKey}
    </button>
  );
}
