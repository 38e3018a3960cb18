// What the machine allows at most: a payment's 2 RSA-2048 signatures, 2 verifications and 2 durable commits and nothing else, with
// the signatures in the thread pool and the commits one by one on 16 connections.

import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';

const signAsync = promisify(sign);
const content = Buffer.alloc(600, 'a');

export async function measureLimit(databaseUrl: string, payments: number): Promise<number> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
  await pool.query('CREATE TABLE IF NOT EXISTS limit_row (id bigserial PRIMARY KEY, state text NOT NULL)');
  let left = payments;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const inserted = await pool.query(`INSERT INTO limit_row (state) VALUES ('sent') RETURNING id`);
      for (let side = 0; side < 2; side += 1) {
        const signature = await signAsync('sha256', content, privateKey);
        if (!verify('sha256', content, publicKey, signature)) throw new Error('signature');
      }
      await pool.query(`UPDATE limit_row SET state = 'paid' WHERE id = $1`, [inserted.rows[0].id]);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: 64 }, worker));
  const perSecond = payments / ((performance.now() - start) / 1_000);
  await pool.end();
  return perSecond;
}
