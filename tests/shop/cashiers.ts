// The cashiers of a shop, each at a till of their own, until they are sent home.

import { CashBook } from './cash-book.ts';
import { Cashier, type CashierParts } from './cashier.ts';
import { drawer } from './weather.ts';

type CrewParts = Pick<CashierParts, 'control'> & {
  readonly till: (draw: CashierParts['draw']) => ReturnType<CashierParts['till']>;
};

export class Cashiers {
  readonly book = new CashBook();
  readonly #shifts: Promise<void>[] = [];
  #isClosing = false;
  #hasTrouble = false;
  #isHalted = false;

  /** Each draws numbers of their own from the seed, so that one's habits do not hang on how fast the others are. */
  constructor({ control, till }: CrewParts, count: number, seed: number) {
    for (let index = 0; index < count; index += 1) {
      const draw = drawer((seed + 7_919 * (index + 1)) % 2 ** 32);
      const parts: CashierParts = {
        control,
        till: () => till(draw),
        draw,
        book: this.book,
        isHalted: () => this.#isHalted,
      };
      const shift = this.#work(new Cashier(parts, `c${index}`));
      // Told by `close`; a shift that ends early must not end the process.
      shift.catch(() => {
        this.#hasTrouble = true;
      });
      this.#shifts.push(shift);
    }
  }

  /** Whether one of them met what may not be, and stopped working; `close` throws it. */
  get hasTrouble(): boolean {
    return this.#hasTrouble;
  }

  /** No new sale is begun; resolves when every cashier has put the last one through. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#shifts);
    await Promise.all(this.book.unheard);
  }

  /** For the end of a test that failed: whoever still waits for a dead server gives up. */
  halt(): void {
    this.#isClosing = true;
    this.#isHalted = true;
  }

  async #work(cashier: Cashier): Promise<void> {
    while (!this.#isClosing) await cashier.serve();
  }
}
