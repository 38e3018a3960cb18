// A payment code as people read it out.

/** Groups of four, as wallets show them: `2834 5678 9012 3456 78`. */
export function groupDigits(digits: string): string {
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}
