// The basket in work, kept after every change, so that a reload, a crash or a power cut costs the cashier no line. It is written at
// most 40 ms after a change; what a closing page cannot finish writing goes into the device's memory at once. A draft ends
// in the same transaction that writes the sale (till-chain.ts): what was sold never comes back as a basket.

import { z } from 'zod';
import { type Basket, canonicalText, readBasket } from '#checkout/index.ts';
import type { Memory } from '../../style/preference.ts';
import type { Ambient } from '../try-again.ts';
import type { Claims } from './alone.ts';
import type { DraftStore, KeptDraft } from './chain-store.port.ts';
import { parseJson } from './server-call.ts';

type DraftParts = {
  readonly openStore: () => Promise<DraftStore>;
  readonly memory: Memory;
  readonly ambient: Pick<Ambient, 'nowMs' | 'after'>;
  readonly claims: Claims;
};

export const saveWithinMs = 40;
const slot = 'basket-drafts';
/** Tabs that close at once with a basket each. */
const slotMax = 4;

const keptInMemory = z.array(z.object({ basketId: z.string(), revision: z.number(), text: z.string() }));

export class BasketDraft {
  readonly #parts: DraftParts;
  #unsaved: KeptDraft | null = null;
  #lastRevision = 0;
  #callOff: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: DraftParts) {
    this.#parts = parts;
  }

  /** The basket as it is now; returns at once. An empty one is not worth keeping. */
  keep(basket: Basket): void {
    const { id: basketId, lines, removedLines, note } = basket;
    if (lines.length === 0 && removedLines.length === 0 && note === '' && this.#lastRevision === 0) return;
    // The clock makes revisions grow over reloads, the count within a millisecond and when the clock is set back.
    this.#lastRevision = Math.max(this.#lastRevision + 1, this.#parts.ambient.nowMs());
    this.#unsaved = { basketId, revision: this.#lastRevision, text: canonicalText(basket) };
    this.#callOff ??= this.#parts.ambient.after(saveWithinMs, () => void this.save());
  }

  /** Writes what is not written yet. Trouble is not told here: the journal beside it stands on the same storage and names it. */
  async save(): Promise<void> {
    this.#callOff?.();
    this.#callOff = null;
    const draft = this.#unsaved;
    if (draft === null) return this.#writing;
    this.#unsaved = null;
    this.#writing = this.#writing.then(() => this.#write(draft));
    await this.#writing;
  }

  /** The page is being left or hidden: into the memory that is written at once, and into the storage as far as it comes. */
  flush(): void {
    const draft = this.#unsaved;
    if (draft === null) return;
    this.#remember([...this.#remembered().filter(({ basketId }) => basketId !== draft.basketId), draft]);
    void this.save();
  }

  /** The basket was sold, voided or put on hold; the entry or the server has it now. Before the entry that ends it is written. */
  async finish(basketId: string): Promise<void> {
    await this.save();
    this.#remember(this.#remembered().filter((draft) => draft.basketId !== basketId));
  }

  /** Deletes a draft for which no entry is written: a basket that was put on hold, or is empty. */
  async drop(basketId: string): Promise<void> {
    await this.finish(basketId);
    await this.#parts.openStore().then(
      (store) => store.dropDraft(basketId),
      () => undefined,
    );
    this.#lastRevision = 0;
    this.#parts.claims.release(claimOf(basketId));
  }

  /** Says that this tab works on the basket; `false` when another does. */
  async take(basketId: string): Promise<boolean> {
    return await this.#parts.claims.claim(claimOf(basketId));
  }

  /** The baskets that were in work when this till went down, the last one first, but those that another tab has in hand. */
  async recover(): Promise<readonly Basket[]> {
    const store = await this.#parts.openStore();
    for (const draft of this.#remembered()) await store.keepDraft(draft);
    this.#remember([]);
    const found: Basket[] = [];
    const drafts = await store.drafts();
    for (const draft of drafts.toSorted((left, right) => right.revision - left.revision)) {
      const basket = readBasket(draft.text);
      // A draft that this till cannot read is of another version; it stays where it is.
      if (!basket.ok || !(await this.take(draft.basketId))) continue;
      this.#lastRevision = Math.max(this.#lastRevision, draft.revision);
      found.push(basket.value);
    }
    return found;
  }

  async #write(draft: KeptDraft): Promise<void> {
    try {
      const store = await this.#parts.openStore();
      await store.keepDraft(draft);
      const remembered = this.#remembered();
      const left = remembered.filter(
        ({ basketId, revision }) => basketId !== draft.basketId || revision > draft.revision,
      );
      if (left.length < remembered.length) this.#remember(left);
    } catch {
      // The device's memory is a poor second, but it is something.
      this.#remember([...this.#remembered().filter(({ basketId }) => basketId !== draft.basketId), draft]);
    }
  }

  #remembered(): readonly KeptDraft[] {
    const read = keptInMemory.safeParse(parseJson(this.#parts.memory.read(slot) ?? '[]'));
    return read.success ? read.data : [];
  }

  #remember(drafts: readonly KeptDraft[]): void {
    if (drafts.length === 0 && this.#remembered().length === 0) return;
    this.#parts.memory.write(slot, JSON.stringify(drafts.slice(-slotMax)));
  }
}

function claimOf(basketId: string): string {
  return `tillway-basket-${basketId}`;
}
