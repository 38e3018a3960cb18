// The pages: the built till and wallet with their assets. In a demo on this machine alone, opening a page pairs the browser with
// the demo device, so that a newcomer has nothing to type.

import { existsSync, readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Redacted } from '#foundation/redacted.ts';
import { deviceCookie } from '../authenticate.ts';
import { openToAll } from '../known-routes.ts';
import { cookieOptions } from './device.ts';

export type PageSettings = {
  readonly screensFolder: string;
  readonly sandboxUrl: string | null;
  readonly demoApiKey: Redacted<string> | null;
};

const pages = ['till', 'wallet'] as const;
const hidden = { schema: { hide: true }, config: { access: 'public' } } as const;

function securityPolicy(sandboxUrl: string | null): string {
  const connect = ["'self'", sandboxUrl === null ? null : new URL(sandboxUrl).origin].filter((part) => part !== null);
  return [
    "default-src 'self'",
    `connect-src ${connect.join(' ')}`,
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export async function pageRoutes(app: FastifyInstance, settings: PageSettings): Promise<void> {
  const { screensFolder, sandboxUrl, demoApiKey } = settings;
  const policy = securityPolicy(sandboxUrl);
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    });
  });
  if (existsSync(screensFolder)) {
    await app.register(async (files) => {
      openToAll(files);
      await files.register(fastifyStatic, {
        root: join(screensFolder, 'assets'),
        prefix: '/assets/',
        immutable: true,
        maxAge: '365d',
        index: false,
        dotfiles: 'deny',
      });
    });
  }
  app.get('/', hidden, async (_request, reply) => reply.redirect('/till'));
  app.get('/favicon.ico', hidden, async (_request, reply) => reply.code(204).send());
  for (const page of pages) {
    const file = join(screensFolder, page, 'index.html');
    const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      if (!existsSync(file)) return notBuilt(reply);
      if (demoApiKey !== null && isThisMachine(request)) {
        reply.setCookie(deviceCookie, demoApiKey.reveal(), cookieOptions);
      }
      const html = readFileSync(file, 'utf8').replace('<head>', `<head>${sandboxMark(sandboxUrl)}`);
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html);
    };
    app.get(`/${page}`, hidden, show);
    app.get(`/${page}/`, hidden, show);
  }
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain; charset=utf-8').send('The pages are not built. Run: npm start');
}

function sandboxMark(sandboxUrl: string | null): string {
  return sandboxUrl === null ? '' : `<meta name="tillway-sandbox" content="${sandboxUrl}">`;
}

// The address and the name asked for must both be this machine: a foreign name that resolves to it (DNS rebinding) is not, also when
// it begins like an address (127.0.0.1.example.com). What a proxy passed on came from who knows where.
function isThisMachine(request: FastifyRequest): boolean {
  const { forwarded, via, 'x-forwarded-for': passedFor, 'x-real-ip': realAddress } = request.headers;
  if ((forwarded ?? via ?? passedFor ?? realAddress) !== undefined) return false;
  const name = request.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (name === 'localhost' || isLoopback(name)) && isLoopback(request.ip);
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
