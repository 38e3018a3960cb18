// Text that people wrote, made to fit a field of the wire.

/**
 * The first `unitsMax` UTF-16 units, as Alipay's Java side counts the length of a String; a character of two units at the
 * cut is left out whole.
 */
export function cutText(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  const cut = text.slice(0, unitsMax);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
