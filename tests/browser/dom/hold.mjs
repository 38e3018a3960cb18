// Runs in the page before its own program: lets a visitor stop the page's timers, so that what would go after two seconds stays to be
// looked at. What came due meanwhile happens when they go on.

const held = new Map();
let isHolding = false;

const realSet = window.setTimeout;
const realClear = window.clearTimeout;

window.setTimeout = (act, waitMs, ...rest) => {
  const timer = realSet(() => {
    if (isHolding) held.set(timer, () => act(...rest));
    else act(...rest);
  }, waitMs);
  return timer;
};

window.clearTimeout = (timer) => {
  held.delete(timer);
  realClear(timer);
};

globalThis.tillwayHold = {
  stop() {
    isHolding = true;
  },
  goOn() {
    isHolding = false;
    const due = [...held.values()];
    held.clear();
    for (const act of due) act();
  },
};
