// Looks at a page in every size, at double zoom, and by what it tells a screen reader.

import type { Page } from 'playwright-core';
import { z } from 'zod';

/** The usual counter screen, a small one, a tablet held upright, a phone; and the counter screen at double zoom. */
export const sizes = [
  { name: 'counter', width: 1280, height: 800 },
  { name: 'small counter', width: 1024, height: 600 },
  { name: 'tablet', width: 820, height: 1180 },
  { name: 'phone', width: 390, height: 844 },
  { name: 'double zoom', width: 640, height: 400 },
] as const;

const sentences = z.array(z.string());
const focusSchema = z.object({ name: z.string(), isShown: z.boolean(), isInSight: z.boolean() }).nullable();
const valueSchema = z.object({ value: z.unknown() }).optional();
const treeSchema = z.object({
  nodes: z.array(z.object({ ignored: z.boolean(), role: valueSchema, name: valueSchema })),
});

const controls = ['button', 'textbox', 'combobox', 'link', 'checkbox', 'dialog', 'region', 'image', 'navigation'];

/** Everything that is wrong with the page as it stands, in every size; each line names the state. */
export async function lookInAllSizes(page: Page, state: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { name, width, height } of sizes) {
    await page.setViewportSize({ width, height });
    const found = sentences.parse(await page.evaluate('globalThis.tillwayEyes.look()'));
    wrong.push(...found.map((sentence) => `${state}, ${name}: ${sentence}`));
  }
  wrong.push(...(await nameless(page)).map((sentence) => `${state}: ${sentence}`));
  return wrong;
}

/** Controls and places without a name, by the browser's own reckoning. */
async function nameless(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = treeSchema.parse(await session.send('Accessibility.getFullAXTree'));
  await session.detach();
  return nodes
    .filter(({ ignored, role, name }) => !ignored && controls.includes(String(role?.value)) && !name?.value)
    .map(({ role }) => `a ${String(role?.value)} has no name`);
}

/** Walks through the page with Tab, once around; tells where the focus cannot be seen. */
export async function walkWithTab(
  page: Page,
  stepsMax = 60,
): Promise<{ reached: readonly string[]; wrong: readonly string[] }> {
  const reached: string[] = [];
  const wrong: string[] = [];
  for (let steps = 0; steps < stepsMax; steps += 1) {
    await page.keyboard.press('Tab');
    const focus = focusSchema.parse(await page.evaluate('globalThis.tillwayEyes.focusShown()'));
    if (focus === null || reached.includes(focus.name)) break;
    reached.push(focus.name);
    if (!focus.isShown) wrong.push(`${focus.name} does not show its focus`);
    if (!focus.isInSight) wrong.push(`${focus.name} has the focus and is covered`);
  }
  return { reached, wrong };
}
