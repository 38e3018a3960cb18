// One line that says plainly what could not be taken and what to do. It goes by itself, at the next key, or with Esc.

import { useTranslation } from 'react-i18next';
import { Icon } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import type { Till } from './till.ts';

export function NoticeBar({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const { notice } = useObservable(till.state);
  return (
    <div className="notice-place" role="alert">
      {notice !== null && (
        <div className="notice">
          <p>{t(`notice.${notice.kind}`)}</p>
          {notice.amountText !== null && (
            <button type="button" className="button" onClick={() => till.takeAsAmount()}>
              {t('notice.useAsAmount')}
              <kbd>F3</kbd>
            </button>
          )}
          <button type="button" className="button plain" aria-label={t('notice.close')} onClick={() => till.hush()}>
            <Icon name="cross" />
          </button>
        </div>
      )}
    </div>
  );
}
