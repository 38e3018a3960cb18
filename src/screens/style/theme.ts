// Light or dark: the device's own wish until the person chooses, then that choice, remembered.

import { Observable } from './observable.ts';
import { deviceMemory } from './preference.ts';

export type Theme = 'light' | 'dark';

export const theme = new Observable<Theme>('light');

function show(next: Theme): void {
  document.documentElement.dataset['theme'] = next;
  theme.set(next);
}

export function startTheme(): void {
  const wish = matchMedia('(prefers-color-scheme: dark)');
  const remembered = deviceMemory.read('theme');
  show(remembered === 'dark' || remembered === 'light' ? remembered : wish.matches ? 'dark' : 'light');
  wish.addEventListener('change', (change) => {
    if (deviceMemory.read('theme') === null) show(change.matches ? 'dark' : 'light');
  });
}

export function switchTheme(): void {
  const next = theme.get() === 'dark' ? 'light' : 'dark';
  deviceMemory.write('theme', next);
  show(next);
}
