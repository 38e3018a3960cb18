// Everything that the people of the shop do, as a list that can be read without reading the code: how often, and what. The weights
// are parts of a hundred sales.

import type { SaleId } from '#foundation/id.ts';
import { abandonAtAnyMoment, closeShift, walkAway } from './leaving-habits.ts';
import {
  doubleClick,
  lookInsteadOfRepeating,
  openWithDoubleClick,
  repeatWithoutWaiting,
  scanFreshCodeMeanwhile,
  scanSameCodeAgain,
  sellPlainly,
  tryAgainWithAnotherWallet,
  tryAgainWithFreshCode,
} from './scanning-habits.ts';
import { moveBasket, payAtTwoTills } from './two-till-habits.ts';
import type { Visit } from './visit.ts';
import {
  openAnotherUnderSameKey,
  payAnotherUnderSameKey,
  scanExpiredCode,
  scanProduct,
  scanSpentCode,
  scanUnknownCode,
} from './wrong-code-habits.ts';

export type Habit = {
  readonly name: string;
  readonly weight: number;
  readonly play: (visit: Visit, saleId: SaleId) => Promise<void>;
  /** How the sale is opened, when not as everybody does. */
  readonly open?: (visit: Visit) => Promise<SaleId | null>;
  /** The payer for whom it matters: most of these meet one, a few meet the usual payer. */
  readonly meets?: 'a payer who keeps it waiting' | 'a payer short of money';
};

const waiting = 'a payer who keeps it waiting';
const short = 'a payer short of money';

export const habits: readonly Habit[] = [
  { name: 'plain', weight: 55, play: sellPlainly },
  { name: 'double-clicks', weight: 5, open: openWithDoubleClick, play: doubleClick },
  { name: 'repeats without waiting', weight: 4, play: repeatWithoutWaiting },
  { name: 'looks instead of repeating', weight: 3, play: lookInsteadOfRepeating },
  { name: 'scans the same code again', weight: 4, meets: waiting, play: scanSameCodeAgain },
  { name: 'scans a fresh code meanwhile', weight: 3, meets: waiting, play: scanFreshCodeMeanwhile },
  { name: 'tries again with a fresh code', weight: 4, meets: short, play: tryAgainWithFreshCode },
  { name: 'tries again with another wallet', weight: 3, meets: short, play: tryAgainWithAnotherWallet },
  { name: 'pays at two tills', weight: 3, play: payAtTwoTills },
  { name: 'moves the basket', weight: 3, meets: waiting, play: moveBasket },
  { name: 'walks away', weight: 2, meets: waiting, play: walkAway },
  { name: 'closes the shift', weight: 2, meets: waiting, play: closeShift },
  { name: 'abandons', weight: 3, meets: waiting, play: abandonAtAnyMoment },
  { name: 'scans a spent code', weight: 1, meets: waiting, play: scanSpentCode },
  { name: 'scans an expired code', weight: 1, play: scanExpiredCode },
  { name: 'scans an unknown code', weight: 1, play: scanUnknownCode },
  { name: 'scans a product', weight: 1, play: scanProduct },
  { name: 'opens another under the same key', weight: 1, open: openAnotherUnderSameKey, play: sellPlainly },
  { name: 'pays another under the same key', weight: 1, play: payAnotherUnderSameKey },
];
