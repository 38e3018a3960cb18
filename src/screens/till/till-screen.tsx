// The till's screen: amount on the left, what to do and what happened on the right, the payment sheet over the right half.

import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SaleView } from '#server/contract/ecr.ts';
import { Icon } from '../style/icons.tsx';
import { useObservable } from '../style/observable.ts';
import { listenAsScanner } from '../style/sandbox-scanner.ts';
import { AmountPanel } from './amount-panel.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LeftStrip } from './left-strip.tsx';
import { scanWholePage } from './page-scanner.ts';
import { PairForm } from './pair-form.tsx';
import { isFinal } from './payment-entry.ts';
import { PaymentSheet } from './payment-sheet.tsx';
import { ReadyCard } from './ready-card.tsx';
import { SaleDialog } from './sale-dialog.tsx';
import { SalesList } from './sales-list.tsx';
import type { Till } from './till.ts';
import { type KeyActs, pressTillKey } from './till-keys.ts';

// The barcode reader is larger than the whole till: fetched when somebody asks for the camera.
const CameraDialog = lazy(() => import('./camera-dialog.tsx'));

type Open = { readonly kind: 'none' | 'help' | 'camera' } | { readonly kind: 'sale'; readonly sale: SaleView };

export function TillScreen({ till }: { readonly till: Till }) {
  const { t, i18n } = useTranslation('till');
  const { link } = useObservable(till.state);
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const codeField = useRef<HTMLInputElement>(null);
  const side = useRef<HTMLDivElement>(null);
  const acts = useKeyActs(till, codeField, side, setOpen, open.kind !== 'none');
  const close = () => setOpen({ kind: 'none' });
  const openSale = useCallback((sale: SaleView) => setOpen({ kind: 'sale', sale }), []);
  useEffect(() => {
    document.title = `${t('title')} · Tillway`;
    document.documentElement.lang = i18n.language;
  }, [t, i18n.language]);
  useDigits(till, acts);
  useSandboxScanner(till);
  return (
    <div className="till" ref={keepFocusOffButtons}>
      <Header till={till} onHelp={() => acts.help()} />
      <LinkBar till={till} />
      {link === 'unpaired' ? (
        <PairForm till={till} />
      ) : (
        <main className="desk">
          <AmountPanel till={till} onAlipay={() => acts.alipay()} />
          <div className="side" ref={side}>
            <Behind till={till}>
              <ReadyCard till={till} codeField={codeField} onCamera={() => acts.camera()} />
              <LeftStrip till={till} />
              <SalesList till={till} onOpen={openSale} />
            </Behind>
            <PaymentSheet till={till} />
          </div>
        </main>
      )}
      {open.kind === 'help' && <HelpDialog onClose={close} />}
      {open.kind === 'sale' && <SaleDialog till={till} sale={open.sale} onClose={close} />}
      {open.kind === 'camera' && (
        <Suspense fallback={null}>
          <CameraDialog
            onCode={(text) => {
              close();
              till.scanned(text);
            }}
            onClose={close}
          />
        </Suspense>
      )}
    </div>
  );
}

// What the payment sheet covers can be reached neither by Tab nor by a screen reader while it is there.
function Behind({ till, children }: { readonly till: Till; readonly children: ReactNode }) {
  const { front } = useObservable(till.desk.state);
  return (
    <div className="behind" inert={front !== null}>
      {children}
    </div>
  );
}

function useKeyActs(
  till: Till,
  codeField: { readonly current: HTMLInputElement | null },
  side: { readonly current: HTMLDivElement | null },
  setOpen: (open: Open) => void,
  isOpen: boolean,
): KeyActs {
  const opened = useRef(isOpen);
  opened.current = isOpen;
  return useMemo(() => {
    // Both ways to a code need an amount and no payment in front; otherwise the till says what comes first.
    const readyForCode = (): boolean => {
      const { front } = till.desk.state.get();
      if (front !== null && !isFinal(front)) till.say('busy');
      else if (till.amount() === undefined) till.say('no-amount');
      else {
        till.desk.closeEnded();
        return true;
      }
      return false;
    };
    return {
      dialogIsOpen: () => opened.current,
      help: () => setOpen({ kind: 'help' }),
      camera: () => {
        if (readyForCode()) setOpen({ kind: 'camera' });
      },
      alipay: () => {
        if (readyForCode()) codeField.current?.focus();
      },
      toSales: () => side.current?.querySelector<HTMLButtonElement>('.sale-row')?.focus(),
    };
  }, [till, codeField, side, setOpen]);
}

// A finger or a mouse on a button must not leave the focus there: the next Enter belongs to the amount, not to that button.
// Who comes by Tab still gets it.
function keepFocusOffButtons(till: HTMLDivElement | null): (() => void) | undefined {
  const keepOff = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('button') !== null) event.preventDefault();
  };
  till?.addEventListener('mousedown', keepOff);
  return () => till?.removeEventListener('mousedown', keepOff);
}

function useDigits(till: Till, acts: KeyActs): void {
  useEffect(
    () =>
      scanWholePage({
        typed: (key, event) => pressTillKey(till, acts, key, event),
        remember: () => till.rememberPad(),
        scanBegun: () => till.scanBegun(),
        retype: (keys) => {
          for (const key of keys) till.pressKeyboard(key);
        },
        scanned: (text) => till.scanned(text),
        unsure: () => till.say('unsure'),
      }),
    [till, acts],
  );
}

function useSandboxScanner(till: Till): void {
  const { store } = useObservable(till.state);
  const atSandbox = typeof store?.sandboxUrl === 'string';
  useEffect(() => (atSandbox ? listenAsScanner((code) => till.scanned(code)) : undefined), [till, atSandbox]);
}

// Calm and grey: it says what still works, and goes by itself.
function LinkBar({ till }: { readonly till: Till }) {
  const { t } = useTranslation('till');
  const { link } = useObservable(till.state);
  return (
    <div role="status">
      {(link === 'away' || link === 'starting') && (
        <p className="link-bar">
          <Icon name={link === 'away' ? 'offline' : 'clock'} />
          {t(`link.${link}`)}
        </p>
      )}
    </div>
  );
}
