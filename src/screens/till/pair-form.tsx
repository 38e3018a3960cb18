// Asked once per device: the key by which the store server knows this till. It goes into an HttpOnly cookie and is not kept by
// the page.

import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Till } from './till.ts';

export function PairForm({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const [apiKey, setApiKey] = useState('');
  const [fault, setFault] = useState<'refused' | 'away' | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (apiKey.trim() === '') return;
    const answer = await till.client.pair(apiKey.trim());
    setApiKey('');
    if (answer.ok) await till.paired();
    else setFault(answer.failure.kind === 'refused' ? 'refused' : 'away');
  };
  return (
    <main className="pair">
      <form onSubmit={(event) => void submit(event)}>
        <h2>{t('pair.title')}</h2>
        <p>{t('pair.text')}</p>
        <div className="field">
          <label htmlFor="device-key">{t('pair.key')}</label>
          <input
            id="device-key"
            type="password"
            autoComplete="off"
            value={apiKey}
            aria-invalid={fault !== null}
            aria-describedby="device-key-fault"
            onChange={(event) => {
              setApiKey(event.target.value);
              setFault(null);
            }}
          />
          <span id="device-key-fault" className="field-error" role="alert">
            {fault !== null && t(`pair.${fault}`)}
          </span>
        </div>
        <button type="submit" className="button first">
          {t('pair.send')}
        </button>
      </form>
    </main>
  );
}
