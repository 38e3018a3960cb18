// The control page: asks the control API once a second, shows what changed, sends what is clicked. It holds no state that the
// sandbox does not have, but for the chosen wallet, language and colours.

import {
  badge,
  bookTable,
  codeCard,
  faultList,
  noticeTable,
  pendingList,
  tradeTable,
  walletHead,
  walletList,
} from './panels.mjs';
import { words as allWords, readyFaults } from './words.mjs';

const lookIntervalMs = 1000;
const messageMs = 6000;
const codeLifeMs = 60000;
const at = (id) => document.getElementById(id);
const shown = new Map();
let words = allWords.en;
let chosen = localStorage.getItem('sandbox.wallet') ?? undefined;
let wallet;
let aheadMs = 0;

async function ask(method, path, body) {
  const response = await fetch(`/control/v1/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

// An act and its consequence on the page; what went wrong is said in the sandbox's own words.
async function act(work) {
  try {
    await work();
    await look();
  } catch (error) {
    say(error.message);
  }
}

function say(text, trouble = true) {
  at('message').textContent = text;
  at('message').classList.toggle('trouble', trouble);
  at('message').hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    at('message').hidden = true;
  }, messageMs);
}

// Replaces a panel only when what it shows has changed, so that a selection or an open detail survives the next look.
function show(id, data, draw) {
  const text = JSON.stringify(data);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  at(id).replaceChildren(...draw());
}

async function look() {
  const find = at('find-trade').value.trim();
  const [wallets, trades, books, notices, faults, clock] = await Promise.all([
    ask('GET', 'wallets'),
    ask('GET', find === '' ? 'trades' : `trades?outTradeNo=${encodeURIComponent(find)}`),
    ask('GET', 'books'),
    ask('GET', 'notices'),
    ask('GET', 'faults'),
    ask('GET', 'clock'),
  ]);
  aheadMs = Date.parse(clock.now) - Date.now();
  if (!wallets.wallets.some((each) => each.walletId === chosen)) chosen = wallets.wallets[0]?.walletId;
  wallet = chosen === undefined ? undefined : await ask('GET', `wallets/${chosen}`);
  show('wallet-list', [wallets, chosen, words], () => walletList(words, wallets.wallets, chosen, choose));
  show('trade-list', [trades, words], () => tradeTable(words, trades.trades));
  show('book-list', [books.accounts, books.postings, books.balanced, words], () => bookTable(words, books));
  show('notice-list', [notices, words], () => noticeTable(words, notices.notices));
  show('fault-list', [faults, words], () => faultList(words, faults.faults, removeFault));
  at('clear-faults').hidden = faults.faults.length === 0;
  show('state', [books.balanced, faults.faults.length, words], () => [
    badge(books.balanced ? 'good' : 'bad', books.balanced ? words.balanced : words.unbalanced),
    faults.faults.length === 0
      ? badge('plain', words.calm)
      : badge('bad', `${words.faultsOn}: ${faults.faults.length}`),
  ]);
  showWallet();
}

function showWallet() {
  at('wallet-acts').hidden = wallet === undefined;
  show('wallet', [wallet?.walletId, wallet?.balance, words], () => walletHead(words, wallet));
  if (wallet === undefined) return;
  const nowMs = Date.now() + aheadMs;
  const code = wallet.code !== null && Date.parse(wallet.code.expiresAt) > nowMs ? wallet.code : null;
  const second = code === null ? 0 : Math.ceil((Date.parse(code.expiresAt) - nowMs) / 1000);
  show('code', [code, second, words], () => codeCard(words, code, codeLifeMs, nowMs, copy));
  show('pending', [wallet.pending, words], () => pendingList(words, wallet.pending, answer));
}

function choose(walletId) {
  chosen = walletId;
  localStorage.setItem('sandbox.wallet', walletId);
  void act(async () => {});
}

function answer(accept, outTradeNo) {
  void act(() => ask('POST', `wallets/${chosen}/answer`, { accept, outTradeNo }));
}

function removeFault(faultId) {
  void act(() => ask('DELETE', `faults/${faultId}`));
}

async function copy(code) {
  await navigator.clipboard.writeText(code);
  say(words.copied, false);
}

function onForm(id, send) {
  at(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void act(() => send(Object.fromEntries(new FormData(event.target))));
  });
}

function speak(language) {
  words = allWords[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  localStorage.setItem('sandbox.language', language);
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = words[element.dataset.word];
  document.title = words.title;
  at('language').textContent = words.otherLanguage;
  at('find-trade').placeholder = words.findTrade;
  at('find-trade').ariaLabel = words.findTrade;
  at('ready-faults').replaceChildren(
    ...Object.entries(readyFaults).map(([name, rule]) =>
      Object.assign(document.createElement('button'), {
        type: 'button',
        className: 'chip',
        textContent: words.ready[name],
        onclick: () => void act(() => ask('POST', 'faults', rule)),
      }),
    ),
  );
  paint(document.documentElement.dataset.theme);
}

function paint(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('sandbox.theme', theme);
  at('theme').textContent = theme === 'dark' ? words.light : words.dark;
}

function fill(select, values, chosenValue) {
  select.replaceChildren(...values.map((value) => new Option(value, value, false, value === chosenValue)));
}

onForm('open-wallet', async (form) => {
  chosen = (await ask('POST', 'wallets', form)).walletId;
});
onForm('make-code', ({ digits }) => ask('POST', `wallets/${chosen}/codes`, { digits: Number(digits) }));
onForm('top-up', (form) => ask('POST', `wallets/${chosen}/topup`, form));
onForm('scan', (form) => ask('POST', `wallets/${chosen}/scan`, form));
onForm('add-fault', ({ rule }) => ask('POST', 'faults', JSON.parse(rule)));
at('clear-faults').addEventListener('click', () => void act(() => ask('DELETE', 'faults')));
at('find-trade').addEventListener('input', () => void act(async () => {}));
at('language').addEventListener('click', () => {
  speak(words === allWords.en ? 'zh' : 'en');
  void act(async () => {});
});
at('theme').addEventListener('click', () =>
  paint(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
);
fill(at('open-wallet').currency, ['CNY', 'HKD', 'USD', 'EUR', 'GBP', 'JPY', 'SGD', 'MYR', 'THB', 'KRW', 'MOP'], 'CNY');
fill(at('make-code').digits, ['16', '17', '18', '19', '20', '21', '22', '23', '24'], '18');
at('add-fault').rule.value = JSON.stringify(readyFaults['pay-lost-booked'], null, 2);
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.dataset.theme = localStorage.getItem('sandbox.theme') ?? (dark ? 'dark' : 'light');
speak(localStorage.getItem('sandbox.language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));

async function keepLooking() {
  if (!document.hidden) await look().catch(() => say(words.lost));
  setTimeout(keepLooking, lookIntervalMs);
}
void keepLooking();
