// Reads codes from a camera or a picture with zxing, compiled to WebAssembly and served by the store itself: its own default
// would fetch it from another site.

import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

export interface CameraListener {
  ready(): void;
  failed(why: 'refused' | 'missing' | 'insecure'): void;
  code(text: string): void;
}

prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

// Payment codes are shown as Code 128 and QR; product numbers are read too, so that the till can say what it saw.
const options: ReaderOptions = {
  formats: ['Code128', 'QRCode', 'EAN13', 'EAN8', 'UPCA', 'UPCE'],
  tryHarder: true,
  maxNumberOfSymbols: 1,
};

const frameEveryMs = 90;
const widthMax = 1280;

/** Shows the camera in `video` and tells the first code that it sees; ends with the signal. */
export async function openCamera(
  video: HTMLVideoElement,
  signal: AbortSignal,
  listener: CameraListener,
): Promise<void> {
  // Outside a secure origin browsers have no mediaDevices at all, whatever the types say.
  if (!window.isSecureContext) {
    listener.failed('insecure');
    return;
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      audio: false,
    });
    const stop = () => {
      for (const track of stream.getTracks()) track.stop();
    };
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    video.srcObject = stream;
    await video.play();
    listener.ready();
    await watch(video, signal, listener);
  } catch (error) {
    if (signal.aborted) return;
    const refused =
      error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'SecurityError');
    listener.failed(refused ? 'refused' : 'missing');
  }
}

/** The first code in a picture, or `undefined`. */
export async function readPicture(picture: Blob): Promise<string | undefined> {
  try {
    return firstText(await readBarcodes(picture, options));
  } catch {
    // Not a picture.
    return undefined;
  }
}

async function watch(video: HTMLVideoElement, signal: AbortSignal, listener: CameraListener): Promise<void> {
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  if (drawing === null) return;
  while (!signal.aborted) {
    const scale = Math.min(1, widthMax / Math.max(1, video.videoWidth));
    canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
    canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
    const text = firstText(await readBarcodes(drawing.getImageData(0, 0, canvas.width, canvas.height), options));
    if (signal.aborted) return;
    if (text !== undefined) {
      listener.code(text);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, frameEveryMs));
  }
}

function firstText(results: Awaited<ReturnType<typeof readBarcodes>>): string | undefined {
  return results.find((result) => result.isValid && result.text !== '')?.text;
}
