// Starts the till page: words, colours, the model and its ways to the server, then the screen.

import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { startLanguage } from '../style/language.ts';
import { deviceMemory } from '../style/preference.ts';
import { startTheme } from '../style/theme.ts';
import { makeFollower } from './follow-payment.ts';
import { makeActKey } from './random-key.ts';
import { playNotPaid, playPaid } from './sound.ts';
import { pairing, storeClient } from './store-client.ts';
import { Till } from './till.ts';
import { TillScreen } from './till-screen.tsx';
import type { Ambient } from './try-again.ts';
import { tillEnglish } from './words/en.ts';
import { tillChinese } from './words/zh.ts';

const ambient: Ambient = {
  nowMs: () => Date.now(),
  after(waitMs, act) {
    const timer = setTimeout(act, waitMs);
    return () => clearTimeout(timer);
  },
  makeKey: makeActKey,
};

startTheme();
const language = await startLanguage('till', { en: tillEnglish, 'zh-CN': tillChinese });
const till = new Till({
  client: storeClient,
  ambient,
  memory: deviceMemory,
  follower: makeFollower(storeClient, ambient),
  sounds: { paid: playPaid, notPaid: playNotPaid },
});
pairing.needed = () => till.notPaired();
void till.start();

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <I18nextProvider i18n={language}>
      <TillScreen till={till} />
    </I18nextProvider>,
  );
}
