// The code page, first as customers know it: bar code across, QR below, digits in groups, a line that drains for the minute.

import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { holdToScanner } from '../style/sandbox-scanner.ts';
import { drawCode } from './code-pictures.ts';
import { groupDigits } from './group-digits.ts';
import type { WalletView } from './sandbox-client.ts';
import { showAmount } from './show-amount.ts';
import type { ShownCode, Wallet } from './wallet.ts';

export function CodePage({ wallet, view }: { readonly wallet: Wallet; readonly view: WalletView }) {
  const { t } = useTranslation('wallet');
  const { code } = useObservable(wallet.state);
  return (
    <>
      <section className="card code-card" aria-label={t('code.label')}>
        <h2>{t('code.title')}</h2>
        {code === null ? <p className="quiet">{t('code.loading')}</p> : <Code key={code.digits} code={code} />}
      </section>
      <section className="card balance-card">
        <span>
          <span className="small">{t('code.balance')}</span>
          <br />
          <span className="small">{view.logonId}</span>
        </span>
        <output className="figure balance" aria-label={t('code.balance')}>
          {showAmount(view.balance, view.currency)}
        </output>
      </section>
    </>
  );
}

function Code({ code }: { readonly code: ShownCode }) {
  const { t } = useTranslation('wallet');
  const pictures = useMemo(() => drawCode(code.digits), [code.digits]);
  return (
    <>
      <img className="bars" src={pictures.bars} alt={t('code.bars')} />
      <output
        className={`digits figure ${code.digits.length > 20 ? 'digits-long' : ''}`}
        aria-label={t('code.label')}
        data-code={code.digits}
      >
        {groupDigits(code.digits)}
      </output>
      <img className="square" src={pictures.square} alt={t('code.square')} />
      <DrainLine endsAtMs={code.endsAtMs} />
      <p className="small">{t('code.fresh')}</p>
      <CodeActs digits={code.digits} />
    </>
  );
}

function CodeActs({ digits }: { readonly digits: string }) {
  const { t } = useTranslation('wallet');
  const [done, setDone] = useState<'copied' | 'held' | null>(null);
  useEffect(() => {
    if (done === null) return;
    const timer = setTimeout(() => setDone(null), 2_500);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <div className="code-acts">
      <button
        type="button"
        className="button"
        onClick={() => void copyText(digits).then((copied) => setDone(copied ? 'copied' : null))}
      >
        <Icon name={done === 'copied' ? 'tick' : 'copy'} />
        {t(done === 'copied' ? 'code.copied' : 'code.copy')}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          holdToScanner(digits);
          setDone('held');
        }}
      >
        <Icon name={done === 'held' ? 'tick' : 'scan'} />
        {t(done === 'held' ? 'code.held' : 'code.hold')}
      </button>
    </div>
  );
}

const lifeMs = 60_000;

function DrainLine({ endsAtMs }: { readonly endsAtMs: number }) {
  const { t } = useTranslation('wallet');
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const leftMs = Math.max(0, endsAtMs - nowMs);
  const seconds = Math.ceil(leftMs / 1000);
  return (
    <div className="drain" role="timer" aria-label={t('code.seconds', { count: seconds })}>
      <span style={{ transform: `scaleX(${Math.min(1, leftMs / lifeMs)})` }} />
    </div>
  );
}

// Over plain HTTP inside a network there is no clipboard for a page.
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
