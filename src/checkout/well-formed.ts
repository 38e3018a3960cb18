// Which text may stand in a document. What a till takes in and what a reader takes back must be the same, or a sale could be made
// that nobody can read.

/** How long a code or id may be, and how long what somebody wrote. In UTF-16 units. */
export const textBounds = { wordLengthMax: 100, reasonLengthMax: 200, noteLengthMax: 500 } as const;

/** Whether a text is within its lengths, well-formed, and without NUL, which no database keeps. */
export function isFitText(text: string, lengthMax: number, lengthMin = 1): boolean {
  return text.length >= lengthMin && text.length <= lengthMax && text.isWellFormed() && !text.includes('\0');
}

/** Whether somebody gave a reason that can be written down. */
export function isReason(text: string): boolean {
  return isFitText(text, textBounds.reasonLengthMax);
}
