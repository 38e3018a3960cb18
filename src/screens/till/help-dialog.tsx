// F1: every key of the till.

import { useTranslation } from 'react-i18next';
import { Dialog } from '../style/dialog.tsx';

const keyRows = [
  ['F1', 'help'],
  ['F2', 'code'],
  ['F3', 'amount'],
  ['F4', 'next'],
  ['F6', 'camera'],
  ['F7', 'sales'],
  ['F8', 'stop'],
  ['F9', 'sound'],
  ['0 – 9 .', 'digits'],
  ['Backspace', 'erase'],
  ['Delete', 'clear'],
  ['Esc', 'back'],
] as const;

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('till');
  return (
    <Dialog title={t('help.title')} closeWord={t('help.close')} onClose={onClose}>
      <p>{t('help.intro')}</p>
      <dl className="key-rows">
        {keyRows.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`help.${word}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
