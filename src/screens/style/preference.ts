// What a device remembers about the person in front of it: language, theme, sound. A browser that refuses storage (private
// windows, locked-down kiosks) only forgets; nothing else breaks.

const prefix = 'tillway.';

export interface Memory {
  read(name: string): string | null;
  write(name: string, text: string): void;
}

export const deviceMemory: Memory = {
  read(name) {
    try {
      return localStorage.getItem(prefix + name);
    } catch {
      return null;
    }
  },
  write(name, text) {
    try {
      localStorage.setItem(prefix + name, text);
    } catch {
      // Storage is full or refused: the preference lasts as long as the page.
    }
  },
};
