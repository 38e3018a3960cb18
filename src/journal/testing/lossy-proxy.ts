// For tests: a stretch of network between journal and PostgreSQL that can lose an answer, fall silent, or break.

import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';

type Line = { readonly client: Socket; readonly upstream: Socket };

/** Passes bytes both ways, until it is told to lose an answer or to fall silent. */
export class LossyProxy {
  readonly #server = createServer((client) => this.#join(client));
  readonly #lines = new Set<Line>();
  readonly #target: { readonly host: string; readonly port: number };
  #loseAnswerOf: string | undefined;
  /** How many answers were lost. */
  lost = 0;
  silent = false;

  constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return address.port;
  }

  /** Loses the answer of the next execution of a statement, and cuts its line. */
  loseAnswerOf(statement: string): void {
    this.#loseAnswerOf = statement;
  }

  cutAll(): void {
    for (const line of this.#lines) this.#cut(line);
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(client: Socket): void {
    const line = { client, upstream: connect(this.#target) };
    this.#lines.add(line);
    let losing = false;
    client.on('data', (bytes) => {
      if (this.silent) return;
      if (this.#loseAnswerOf !== undefined && bytes.includes(`${this.#loseAnswerOf}\0`)) {
        this.#loseAnswerOf = undefined;
        losing = true;
      }
      line.upstream.write(bytes);
    });
    line.upstream.on('data', (bytes) => {
      if (this.silent) return;
      if (!losing) client.write(bytes);
      else if (isReadyAgain(bytes)) {
        this.lost += 1;
        this.#cut(line);
      }
    });
    for (const end of [client, line.upstream]) {
      end.on('error', () => this.#cut(line));
      end.on('close', () => this.#cut(line));
    }
  }

  #cut(line: Line): void {
    this.#lines.delete(line);
    line.client.destroy();
    line.upstream.destroy();
  }
}

// ReadyForQuery, outside a transaction: the commit is done.
// https://www.postgresql.org/docs/current/protocol-message-formats.html
function isReadyAgain(bytes: Buffer): boolean {
  return bytes.subarray(-6).equals(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]));
}
