// The parts of the page that show something. Each takes what the control API answered and gives elements; nothing here asks.

/** An element with properties and children; text goes in as text, never as markup. */
export function el(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function amount(text, currency) {
  if (currency !== 'CNY') return `${currency} ${text}`;
  return text.startsWith('-') ? `-¥${text.slice(1)}` : `¥${text}`;
}

/** Hours and minutes here, with the date when it is not today. */
export function time(iso) {
  const at = new Date(iso);
  const clock = at.toLocaleTimeString([], { hour12: false });
  return at.toDateString() === new Date().toDateString() ? clock : `${at.toLocaleDateString()} ${clock}`;
}

export function grouped(code) {
  return code.replace(/(\d{4})(?=\d)/g, '$1 ');
}

export function badge(kind, text) {
  const icon = { good: '✓', bad: '✕', wait: '…', back: '↩', plain: '' }[kind];
  return el('span', { className: `badge ${kind}` }, icon === '' ? text : `${icon} ${text}`);
}

export function walletList(words, wallets, chosen, choose) {
  if (wallets.length === 0) return [el('p', { className: 'quiet' }, words.noWallets)];
  return wallets.map((wallet) =>
    el(
      'button',
      {
        type: 'button',
        className: `item${wallet.walletId === chosen ? ' chosen' : ''}`,
        ariaPressed: String(wallet.walletId === chosen),
        onclick: () => choose(wallet.walletId),
      },
      el('div', {}, wallet.logonId, el('div', { className: 'quiet' }, wallet.walletId)),
      wallet.pending > 0 ? badge('wait', String(wallet.pending)) : null,
      el('span', { className: 'figure' }, amount(wallet.balance, wallet.currency)),
    ),
  );
}

export function walletHead(words, wallet) {
  if (wallet === undefined) return [el('p', { className: 'quiet' }, words.choose)];
  return [
    el('div', { className: 'balance' }, amount(wallet.balance, wallet.currency)),
    el(
      'div',
      { className: 'quiet' },
      `${wallet.logonId} · ${words.asksAbove} ${amount(wallet.passwordAbove, wallet.currency)}`,
    ),
  ];
}

export function codeCard(words, code, lifeMs, nowMs, copy) {
  if (code === null) return [el('p', { className: 'quiet' }, words.codeGone)];
  const leftMs = Math.max(0, Date.parse(code.expiresAt) - nowMs);
  const bar = el('i');
  bar.style.transform = `scaleX(${Math.min(1, leftMs / lifeMs)})`;
  return [
    el(
      'div',
      { className: 'code' },
      el('strong', {}, grouped(code.code)),
      el('button', { type: 'button', onclick: () => copy(code.code) }, words.copy),
      el('span', { className: 'quiet' }, `${Math.ceil(leftMs / 1000)} ${words.secondsLeft}`),
      el('div', { className: 'drain' }, bar),
    ),
  ];
}

export function pendingList(words, pending, answer) {
  if (pending.length === 0) return [el('p', { className: 'quiet' }, words.nothingWaits)];
  return pending.map((trade) =>
    el(
      'div',
      { className: 'waits' },
      el(
        'div',
        {},
        badge('wait', words.waits),
        ' ',
        el('span', { className: 'figure' }, amount(trade.amount, trade.currency)),
      ),
      el(
        'div',
        { className: 'quiet' },
        `${trade.subject} · ${trade.outTradeNo} · ${time(trade.since)} – ${time(trade.closesAt)}`,
      ),
      el(
        'div',
        { className: 'row' },
        el(
          'button',
          { type: 'button', className: 'primary', onclick: () => answer(true, trade.outTradeNo) },
          words.confirm,
        ),
        el(
          'button',
          { type: 'button', className: 'refuse', onclick: () => answer(false, trade.outTradeNo) },
          words.refuse,
        ),
      ),
    ),
  );
}

export function faultList(words, faults, remove) {
  return faults.map((fault) =>
    el(
      'div',
      { className: 'item' },
      el(
        'div',
        {},
        el('code', {}, JSON.stringify(fault.effect)),
        el('div', { className: 'quiet' }, el('code', {}, JSON.stringify(fault.match))),
        badge(fault.fired > 0 ? 'bad' : 'plain', `${fault.fired} ${words.fired}`),
      ),
      el('button', { type: 'button', onclick: () => remove(fault.faultId) }, words.remove),
    ),
  );
}

export function tradeTable(words, trades) {
  if (trades.length === 0) return [el('p', { className: 'quiet' }, words.noTrades)];
  const rows = trades.map((trade) =>
    el(
      'tr',
      {},
      el('td', { className: 'time wide-only' }, time(trade.createdAt)),
      el(
        'td',
        { className: 'name' },
        trade.outTradeNo,
        el('div', { className: 'quiet' }, trade.subject),
        callList(words, trade.calls),
      ),
      el('td', { className: 'wide-only' }, trade.protocol),
      el('td', {}, tradeBadge(words, trade)),
      el('td', { className: 'number' }, amount(trade.amount, trade.currency)),
      el('td', { className: 'number wide-only' }, amount(trade.refunded, trade.currency)),
    ),
  );
  const head = [
    [words.at, 'wide-only'],
    [words.order, ''],
    [words.api, 'wide-only'],
    [words.state, ''],
    [words.amount, 'number'],
    [words.refunded, 'number wide-only'],
  ];
  return [table(head, rows)];
}

function callList(words, calls) {
  if (calls.length === 0) return null;
  const line = (call) =>
    `${time(call.at)} ${call.method} → ${call.answer}${call.fault === null ? '' : ` (${call.fault})`}`;
  return el(
    'details',
    {},
    el('summary', { className: 'quiet' }, `${calls.length} ${words.calls}`),
    el('ul', { className: 'calls' }, ...calls.map((call) => el('li', {}, line(call)))),
  );
}

function tradeBadge(words, trade) {
  const kinds = { paid: 'good', finished: 'good', waiting: 'wait', unscanned: 'plain' };
  const back = trade.closedBecause === 'refunded' || (trade.closedBecause === 'cancelled' && trade.paidAt !== null);
  const kind = kinds[trade.state] ?? (back ? 'back' : 'bad');
  return badge(kind, words.states[trade.closedBecause ?? trade.state]);
}

export function bookTable(words, books) {
  const rows = books.accounts.map((account) =>
    el(
      'tr',
      {},
      el('td', { className: 'name' }, account.account),
      el('td', { className: 'number' }, amount(account.balance, account.currency)),
    ),
  );
  return [
    el(
      'p',
      {},
      badge(books.balanced ? 'good' : 'bad', books.balanced ? words.balanced : words.unbalanced),
      ' ',
      el('span', { className: 'quiet' }, `${books.postings} ${words.postings}`),
    ),
    table(
      [
        [words.account, ''],
        [words.balance, 'number'],
      ],
      rows,
    ),
  ];
}

export function noticeTable(words, notices) {
  if (notices.length === 0) return [el('p', { className: 'quiet' }, words.noNotices)];
  const kinds = { waiting: 'wait', delivered: 'good', 'given-up': 'bad' };
  const rows = notices.map((notice) =>
    el(
      'tr',
      {},
      el('td', { className: 'time wide-only' }, time(notice.queuedAt)),
      el(
        'td',
        { className: 'name' },
        notice.outTradeNo,
        el('div', { className: 'quiet' }, `${notice.about} · ${notice.url}`),
      ),
      el('td', {}, badge(kinds[notice.status], words.notice[notice.status])),
      el('td', { className: 'number' }, String(notice.sends.length)),
    ),
  );
  return [
    table(
      [
        [words.at, 'wide-only'],
        [words.order, ''],
        [words.state, ''],
        [words.sends, 'number'],
      ],
      rows,
    ),
  ];
}

function table(head, rows) {
  return el(
    'table',
    {},
    el('thead', {}, el('tr', {}, ...head.map(([text, className]) => el('th', { className, scope: 'col' }, text)))),
    el('tbody', {}, ...rows),
  );
}
