// Runs in the page before its own program: notes when keys come, when requests leave and what sounds, and changes nothing.

const notes = { lastKeyMs: 0, requests: [], tones: 0 };

window.addEventListener(
  'keydown',
  (event) => {
    notes.lastKeyMs = event.timeStamp;
  },
  { capture: true },
);

const realFetch = window.fetch;
window.fetch = (input, init) => {
  const atMs = performance.now();
  const method = init?.method ?? 'GET';
  notes.requests.push({
    method,
    path: new URL(input instanceof Request ? input.url : input, location.href).pathname,
    atMs,
    sinceKeyMs: atMs - notes.lastKeyMs,
  });
  return realFetch(input, init);
};

const realStart = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function start(when) {
  notes.tones += 1;
  return realStart.call(this, when);
};

globalThis.tillwayNotes = notes;
