// What has been started, in order, so that it can be stopped in the opposite order, also when the start breaks off half way.

export type Part = {
  readonly name: string;
  close(): Promise<void>;
  /** Ends it without a goodbye. */
  kill(): void;
};

export class Stack {
  readonly #parts: Part[] = [];

  add(part: Part): void {
    this.#parts.push(part);
  }

  /** Stops every part, last started first. One that fails to stop does not keep the others from it; the names are returned. */
  async close(): Promise<readonly string[]> {
    const failed: string[] = [];
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.close();
      } catch {
        failed.push(part.name);
      }
    }
    return failed;
  }

  kill(): void {
    for (const part of this.#parts.toReversed()) part.kill();
  }
}
