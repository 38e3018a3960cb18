// A dialog on the browser's own <dialog>: focus stays inside, Esc closes, focus returns to where it was.

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icons.tsx';

export function Dialog(props: {
  readonly title: string;
  readonly closeWord: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={titleId}>{props.title}</h2>
        <button type="button" className="button plain" onClick={props.onClose} aria-label={props.closeWord}>
          <Icon name="cross" />
        </button>
      </div>
      <div className="dialog-body">{props.children}</div>
    </dialog>
  );
}
