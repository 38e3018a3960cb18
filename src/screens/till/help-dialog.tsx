// F1: every key of the till.

import { useTranslation } from 'react-i18next';
import { Dialog } from '../style/dialog.tsx';

const keyRows = [
  ['F2', 'code'],
  ['F4', 'next'],
  ['F6', 'camera'],
  ['F7', 'sales'],
  ['F8', 'stop'],
  ['F3', 'amount'],
  ['0 – 9 .', 'digits'],
  ['Backspace', 'erase'],
  ['Delete', 'clear'],
  ['F9', 'sound'],
  ['F1', 'help'],
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
