// Days and times in the store's zone. Making a format costs far more than using it, and a list of sales needs hundreds between two
// keys of a scanner, so each is made once.

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format of this language, made once. `options` must be plain data. */
export function formatOnce(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language, options);
  formats.set(name, made);
  return made;
}

/** True when two moments (epoch milliseconds) lie on the same day of the store. */
export function isSameDay(leftMs: number, rightMs: number, timeZone: string): boolean {
  const format = formatOnce('en-CA', { timeZone, dateStyle: 'short' });
  return format.format(leftMs) === format.format(rightMs);
}
