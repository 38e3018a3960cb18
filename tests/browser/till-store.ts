// The page of the till's store (src/screens/till/chain/testing/till-store-driver.ts) with a server behind it: bundled as the till is,
// under the till's security policy, with a journal and a catalogue in memory that tests can take away.

import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { entriesReader, Problems, unread } from '#checkout/index.ts';
import { makeSha256 } from '../../src/screens/till/chain/sha256.ts';
import { JournalServer } from '../../src/screens/till/chain/testing/journal-server.ts';
import { CatalogServer } from '../../src/screens/till/goods/testing/catalog-server.ts';

const screens = fileURLToPath(new URL('../../src/screens', import.meta.url));
const driver = join(screens, 'till/chain/testing/till-store-driver.ts');
const policy =
  "default-src 'self'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; base-uri 'none'";

export class TillStoreHouse {
  readonly journal = new JournalServer(makeSha256(crypto.subtle));
  readonly catalog = new CatalogServer();
  /** False: no request is answered. */
  isThere = true;
  /** Answers that were made before, so that measuring the till does not measure this server. */
  readonly #made = new Map<string, string>();
  readonly #folder: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  url = '';

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<TillStoreHouse> {
    const folder = await mkdtemp(join(tmpdir(), 'till-store-'));
    await build({
      configFile: false,
      logLevel: 'error',
      root: screens,
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2022',
        assetsInlineLimit: 0,
        rollupOptions: { input: driver, output: { entryFileNames: 'driver.js' } },
      },
    });
    const house = new TillStoreHouse(folder);
    await new Promise<void>((resolve) => house.#server.listen(0, '127.0.0.1', resolve));
    const address = house.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
    house.url = `http://127.0.0.1:${address.port}`;
    return house;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Makes the answers of a first start beforehand; they hold until the next call. */
  prepare(limit: number): void {
    this.#made.clear();
    for (let after = 0; after < this.catalog.version; ) {
      const path = `/api/v1/catalog/changes?after=${after}&limit=${limit}`;
      const answer = this.catalog.answer(path);
      this.#made.set(path, answer);
      const { changes }: { changes: { version: number }[] } = JSON.parse(answer);
      after = changes.at(-1)?.version ?? this.catalog.version;
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (path.startsWith('/api/v1/')) {
      if (this.isThere) await this.#answerApi(path, request, response);
      else request.socket.destroy();
      return;
    }
    const file = path === '/' ? null : join(this.#folder, normalize(path));
    const body = file === null ? page : await readFile(file).catch(() => null);
    response.writeHead(body === null ? 404 : 200, {
      'content-type': file?.endsWith('.js') === true ? 'text/javascript' : 'text/html',
      'content-security-policy': policy,
    });
    response.end(body ?? '');
  }

  async #answerApi(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const tell = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    };
    if (path.startsWith('/api/v1/catalog/changes')) {
      tell(200, this.#made.get(path) ?? this.catalog.answer(path));
      return;
    }
    if (request.method === 'GET') {
      const known = await this.journal.known();
      tell(known.ok ? 200 : 503, JSON.stringify({ chains: known.ok ? known.value.value : [] }));
      return;
    }
    const { chainId, entries }: { chainId: string; entries: unknown } = JSON.parse(await text(request));
    const problems = new Problems();
    const read = entriesReader(entries, 'entries', problems);
    if (read === unread) {
      tell(
        400,
        JSON.stringify({ type: 'x', title: 'x', status: 400, code: randomUUID(), detail: problems.all.join() }),
      );
      return;
    }
    const taken = await this.journal.send(chainId, read);
    tell(taken.ok ? 200 : 503, JSON.stringify(taken.ok ? taken.value.value : {}));
  }
}

const page =
  '<!doctype html><meta charset="utf-8"><title>till store</title><script type="module" src="/driver.js"></script>';
