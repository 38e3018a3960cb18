// What each key does when a person presses it. F-keys work everywhere; digits belong to the amount unless a field or a dialog
// has them.

import { isField } from './page-scanner.ts';
import { switchSound } from './sound.ts';
import type { Till } from './till.ts';

export interface KeyActs {
  dialogIsOpen(): boolean;
  help(): void;
  camera(): void;
  alipay(): void;
  toSales(): void;
}

/** Acts on one key; true when it was used. */
export function pressTillKey(till: Till, acts: KeyActs, key: string, event: KeyboardEvent): boolean {
  const unpaired = till.state.get().link === 'unpaired';
  if (acts.dialogIsOpen() || unpaired) return key === 'F1';
  if (pressFunctionKey(till, acts, key)) return true;
  if (key === 'Escape') return stepBack(till);
  if (isField(event.target)) return false;
  if (key === 'Enter' && !(event.target instanceof HTMLButtonElement) && till.amount() !== undefined) {
    acts.alipay();
    return true;
  }
  return till.pressKeyboard(key);
}

function pressFunctionKey(till: Till, acts: KeyActs, key: string): boolean {
  if (key === 'F1') acts.help();
  else if (key === 'F2') acts.alipay();
  else if (key === 'F3') till.takeAsAmount();
  else if (key === 'F4') till.nextCustomer();
  else if (key === 'F6') acts.camera();
  else if (key === 'F7') acts.toSales();
  else if (key === 'F8') void till.desk.stopWaiting();
  else if (key === 'F9') switchSound();
  else return false;
  return true;
}

// One step: the notice, then the sheet of a payment that has ended, then the field. Never an amount.
function stepBack(till: Till): boolean {
  if (till.state.get().notice !== null) till.hush();
  else if (till.desk.state.get().front !== null) till.desk.closeEnded();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  return true;
}
