// Two short sounds, made on the spot: rising for paid, low for not paid. They differ in pitch and in rhythm, so that they are
// told apart in a loud store and by people who hear one register badly.

import { Observable } from '../style/observable.ts';
import { deviceMemory } from '../style/preference.ts';

export const muted = new Observable<boolean>(deviceMemory.read('muted') === 'yes');

export function switchSound(): void {
  const next = !muted.get();
  deviceMemory.write('muted', next ? 'yes' : 'no');
  muted.set(next);
  if (!next) playPaid();
}

let context: AudioContext | undefined;

export function playPaid(): void {
  play([
    { hertz: 660, atMs: 0, forMs: 110 },
    { hertz: 880, atMs: 110, forMs: 110 },
    { hertz: 1320, atMs: 220, forMs: 220 },
  ]);
}

export function playNotPaid(): void {
  play([
    { hertz: 233, atMs: 0, forMs: 180 },
    { hertz: 175, atMs: 240, forMs: 320 },
  ]);
}

type Tone = { readonly hertz: number; readonly atMs: number; readonly forMs: number };

const loudness = 0.22;
const fadeMs = 15;

function play(tones: readonly Tone[]): void {
  if (muted.get() || typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  // A page may sound only after a key or a touch; the scan itself was one. A refusal leaves the colour to speak.
  void context.resume().catch(() => undefined);
  for (const { hertz, atMs, forMs } of tones) {
    const start = context.currentTime + atMs / 1000;
    const end = start + forMs / 1000;
    const oscillator = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loudness, start + fadeMs / 1000);
    gain.gain.setValueAtTime(loudness, end - fadeMs / 1000);
    gain.gain.linearRampToValueAtTime(0, end);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(end);
  }
}
