// The three people of the demo store. At each start they are as run.json tells them, whatever was done to them before: a demo whose PINs
// nobody knows would be shut.

import { type Person, type PersonDirectory, type PersonPlace, type Role, roles } from '#checkout/index.ts';
import type { PersonId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { PinKeeper } from './pin-keeper.ts';

export type DemoPins = Readonly<Record<Role, Redacted<string>>>;

// Ids that no random id can have, in the letters that ids have.
export const demoPeople = {
  cashier: { id: 'per_dem0cash1er' as PersonId, name: '陈静 Chen Jing' },
  supervisor: { id: 'per_dem0svperv1s0r' as PersonId, name: '王磊 Wang Lei' },
  manager: { id: 'per_dem0manager' as PersonId, name: '李敏 Li Min' },
} as const satisfies Record<Role, { readonly id: PersonId; readonly name: string }>;

export type DemoParts = { readonly directory: PersonDirectory; readonly pins: PinKeeper };

/** Makes the demo's people, or brings their names, roles and PINs back to what the demo tells. */
export async function ensureDemoPeople(
  parts: DemoParts,
  place: PersonPlace,
  demoPins: DemoPins,
  of: Pick<Person, 'language'> & { readonly now: Instant },
): Promise<void> {
  for (const role of roles.toReversed()) {
    const told = { ...demoPeople[role], role, language: of.language, isActive: true };
    await ensurePerson(parts, { ...place, ...told, createdAt: of.now }, demoPins[role]);
  }
}

async function ensurePerson({ directory, pins }: DemoParts, told: Person, pin: Redacted<string>): Promise<void> {
  const known = await directory.findPerson(told, told.id);
  if (known === undefined) {
    await directory.addPerson(told, await pins.hash(pin));
    return;
  }
  const { name, role, isActive } = told;
  if (known.name !== name || known.role !== role || !known.isActive) {
    await directory.changePerson(told, told.id, { name, role, isActive });
  }
  const found = await directory.findPinHash(told, told.id);
  if (!(await pins.verify(found?.pinHash, pin))) await directory.setPin(told, told.id, await pins.hash(pin));
}
