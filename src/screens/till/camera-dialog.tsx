// The camera as a scanner, for tills without one; and a picture file, for computers without a camera. Loaded on demand with
// the barcode reader behind it.

import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../style/dialog.tsx';
import { Icon } from '../style/icons.tsx';
import { openCamera, readPicture } from './camera-reader.ts';

type CameraState = 'loading' | 'aim' | 'refused' | 'missing' | 'insecure';

export default function CameraDialog(props: { readonly onCode: (text: string) => void; readonly onClose: () => void }) {
  const { t } = useTranslation('till');
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('loading');
  const [noCode, setNoCode] = useState(false);
  const onCode = useRef(props.onCode);
  onCode.current = props.onCode;
  useEffect(() => {
    const stop = new AbortController();
    if (video.current !== null) {
      void openCamera(video.current, stop.signal, {
        ready: () => setState('aim'),
        failed: setState,
        code: (text) => onCode.current(text),
      });
    }
    return () => stop.abort();
  }, []);
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file === undefined) return;
    const text = await readPicture(file);
    if (text === undefined) setNoCode(true);
    else props.onCode(text);
  };
  return (
    <Dialog title={t('camera.title')} closeWord={t('camera.close')} onClose={props.onClose}>
      <div className="camera">
        <video ref={video} muted playsInline hidden={state !== 'aim'} />
        {state === 'aim' && <span className="camera-line" aria-hidden="true" />}
      </div>
      <p role="status">{t(`camera.${state}`)}</p>
      {noCode && (
        <p className="field-error" role="alert">
          {t('camera.noCode')}
        </p>
      )}
      <label className="button file-choice">
        <Icon name="list" />
        {t('camera.picture')}
        <input type="file" accept="image/*" className="unseen" onChange={(event) => void choose(event)} />
      </label>
    </Dialog>
  );
}
