// Starts the wallet page: words, colours, the model, then the screen.

import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { startLanguage } from '../style/language.ts';
import { deviceMemory } from '../style/preference.ts';
import { startTheme } from '../style/theme.ts';
import { findSandbox } from './sandbox-address.ts';
import { Wallet } from './wallet.ts';
import { WalletScreen } from './wallet-screen.tsx';
import { walletEnglish } from './words/en.ts';
import { walletChinese } from './words/zh.ts';

startTheme();
const language = await startLanguage('wallet', { en: walletEnglish, 'zh-CN': walletChinese });
const wallet = new Wallet(deviceMemory, () => Date.now());
void wallet.start(findSandbox);

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <I18nextProvider i18n={language}>
      <WalletScreen wallet={wallet} />
    </I18nextProvider>,
  );
}
