// Notices from Alipay: verified, heard, acknowledged as each protocol wants. Nothing depends on them; a lost one costs time
// only. Who may call: anybody, for the signature is the proof.

import type { FastifyInstance } from 'fastify';
import type { Log } from '#foundation/log.ts';
import type { NoticeVerifier } from '../../alipay-road.ts';
import { ProblemError } from '../problem-reply.ts';
import type { StoreParts } from './store-parts.ts';

const bodyLimit = 64 * 1024;

/** `POST /notify/alipay`: the address that payments carry as their notify URL. */
export function noticeRoutes(app: FastifyInstance, parts: StoreParts, verify: NoticeVerifier, log: Log): void {
  app.removeAllContentTypeParsers();
  // The signature covers the bytes as they came, so nothing may parse them before it is checked.
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body));
  app.post('/alipay', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : '';
    const verified = await verify.read({ path: request.url, headers: request.headers, body });
    if (!verified.ok) {
      log.event('payment.notice.refused', { why: verified.failure });
      return reply
        .code(verified.failure === 'malformed' ? 400 : 401)
        .type('text/plain')
        .send('fail');
    }
    const { attemptNumber, reply: told } = verified.value;
    if (told !== null) {
      const outcome = await parts.payment.hearNotice(attemptNumber, told, parts.patience);
      // Without its receipt the notice is sent again.
      if (outcome === 'not-written') throw new ProblemError('busy');
    }
    return reply.code(200).type(verify.receipt.type).send(verify.receipt.body);
  });
}
