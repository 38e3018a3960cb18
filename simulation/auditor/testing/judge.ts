// Runs a hand-made world past an auditor and says what it found, as `rule sale`, in the order in which it was found.

import { Auditor, type AuditorRules, type Violation, type WorldEnd } from '../index.ts';
import { lawfulStories } from './lawful-stories.ts';
import { SmallWorld } from './small-world.ts';

/** What was found at once, while the story was told. */
export function seenAtOnce(story: (world: SmallWorld) => void, rules: Partial<AuditorRules> = {}): readonly string[] {
  const auditor = new Auditor({ finalWordMs: 30_000, ...rules });
  story(new SmallWorld(auditor));
  return auditor.violations.map(named);
}

/** What was found at the end too; `change` spoils the end that the story came to. */
export function found(
  story: (world: SmallWorld) => void,
  change: (end: WorldEnd) => WorldEnd = (end) => end,
): readonly string[] {
  const auditor = new Auditor({ finalWordMs: 30_000 });
  const world = new SmallWorld(auditor);
  story(world);
  return auditor.conclude(change(world.end())).map(named);
}

/** Tells a lawful story of sale 7, without its last steps if so many are left out. */
export function tell(world: SmallWorld, name: keyof typeof lawfulStories, leaveOut = 0): void {
  const steps = lawfulStories[name](7);
  for (const step of steps.slice(0, steps.length - leaveOut)) step(world.wait(10));
}

function named({ rule, sale }: Violation): string {
  return `${rule} ${sale}`;
}
