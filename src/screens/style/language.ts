// The words of a page, through i18next: both languages come with the page (they are small), so a switch is instant and
// works without a connection.

import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { tillEnglish } from '../till/words/en.ts';
import type { walletEnglish } from '../wallet/words/en.ts';
import { chooseLanguage, isLanguage, type Language, languages } from './choose-language.ts';
import { deviceMemory } from './preference.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'till';
    resources: { till: typeof tillEnglish; wallet: typeof walletEnglish };
  }
}

/** The same tree of keys as `Source`, in another language. */
export type Translated<Source> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Translated<Source[Key]>;
};

type Tree = { readonly [key: string]: string | Tree };

export async function startLanguage(
  namespace: 'till' | 'wallet',
  words: Readonly<Record<Language, Tree>>,
): Promise<i18n> {
  const instance = createInstance();
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await instance.use(initReactI18next).init({
    lng: chooseLanguage(deviceMemory.read('language'), navigator.languages),
    fallbackLng: 'en',
    supportedLngs: languages,
    ns: [namespace],
    defaultNS: namespace,
    resources: Object.fromEntries(languages.map((language) => [language, { [namespace]: words[language] }])),
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  });
  return instance;
}

export async function speak(instance: i18n, language: string): Promise<void> {
  if (!isLanguage(language)) return;
  deviceMemory.write('language', language);
  await instance.changeLanguage(language);
}
