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
window.fetch = async (input, init) => {
  const atMs = performance.now();
  const request = {
    method: init?.method ?? 'GET',
    path: new URL(input instanceof Request ? input.url : input, location.href).pathname,
    keyMs: notes.lastKeyMs,
    sinceKeyMs: atMs - notes.lastKeyMs,
    answeredMs: null,
    // How long the code was that it took for whole; never the code.
    codeLength: /"payerCode":"(\w*)"/.exec(init?.body ?? '')?.[1].length ?? null,
  };
  notes.requests.push(request);
  const response = await realFetch(input, init);
  request.answeredMs = performance.now();
  return response;
};

const realStart = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function start(when) {
  notes.tones += 1;
  return realStart.call(this, when);
};

globalThis.tillwayNotes = notes;
