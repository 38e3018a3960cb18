// Which language a page speaks first: the remembered one, else the first of the browser's that we have, else English.

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

export const languageNames = { en: 'English', 'zh-CN': '简体中文' } as const satisfies Record<Language, string>;

export function isLanguage(text: string | null): text is Language {
  return text === 'en' || text === 'zh-CN';
}

export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Language {
  if (isLanguage(remembered)) return remembered;
  for (const wish of preferred) {
    const tongue = wish.toLowerCase().split('-')[0];
    // Traditional-script readers are better served by simplified Chinese than by English.
    if (tongue === 'zh') return 'zh-CN';
    if (tongue === 'en') return 'en';
  }
  return 'en';
}
