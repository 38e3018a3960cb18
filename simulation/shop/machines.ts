// The machines that the store's servers run on, and what the weather does to them: crashes, pauses, clocks that jump, roads that are cut.
// A server that crashed is started again after a while, mostly soon; now and then so late that others have long taken over.

import { durationMs } from '#foundation/instant.ts';
import { stretchMs } from '../faults/weather.ts';
import { MachineClock } from './gate.ts';
import { type ServerPlace, StoreServer } from './store-server.ts';

type Machine = { readonly number: number; server: StoreServer; isCutOff: boolean };

const nightShiftMs = durationMs(600_000);

export type MachineParts = Omit<ServerPlace, 'name' | 'clock' | 'onCrash' | 'isAlipayGone' | 'isJournalGone'>;

export class Machines {
  readonly #parts: MachineParts;
  readonly #machines: Machine[] = [];
  readonly #clocks = new Map<number, MachineClock>();
  #isAlipayGone = false;
  #isJournalGone = false;
  #isStormOver = false;

  constructor(parts: MachineParts, count: number) {
    this.#parts = parts;
    for (let number = 1; number <= count; number += 1) this.#machines.push(this.#machine(number));
    this.#everyStretch();
  }

  /** The server that a request of this till reaches: mostly its own, another when that one does not listen. */
  serverFor(till: number): StoreServer | undefined {
    const listening = this.#machines.filter(({ server, isCutOff }) => server.isListening && !isCutOff);
    const own = listening.find(({ number }) => number === (till % this.#machines.length) + 1);
    return (own ?? listening[till % Math.max(1, listening.length)])?.server;
  }

  /** A server that a notice reaches: whichever the entrance chooses. */
  anyServer(): StoreServer | undefined {
    const { ground } = this.#parts;
    return this.serverFor(Math.floor(ground.fates.draw(ground.numbered('choice of a server')) * 97));
  }

  /** From now on nothing new goes wrong, and every road is open. */
  endStorm(): void {
    this.#isStormOver = true;
    this.#isAlipayGone = false;
    this.#isJournalGone = false;
    for (const machine of this.#machines) machine.isCutOff = false;
    this.#parts.ground.time.after(nightShiftMs, () => this.#beginNightShift());
  }

  // One server is enough for what comes back hours later; the others stop in good order, and leave what they held to it.
  #beginNightShift(): void {
    for (const { server } of this.#machines.slice(1)) void server.stop();
  }

  #machine(number: number): Machine {
    const machine: Machine = { number, isCutOff: false, server: this.#server(number, 1, () => machine) };
    void machine.server.start();
    return machine;
  }

  #server(number: number, start: number, machine: () => Machine): StoreServer {
    const { ground } = this.#parts;
    const name = start === 1 ? `server ${number}` : `server ${number} (start ${start})`;
    // A wall clock may be minutes off, and a quartz some hundreds of millionths.
    const draw = ground.fates.draw(`clock of ${name}`);
    const offsetMs = draw < 0.6 ? (draw - 0.3) * 2_000 : (draw - 0.8) * 600_000;
    const clock = new MachineClock(ground, offsetMs, (ground.fates.draw(`quartz of ${name}`) - 0.5) * 400);
    this.#clocks.set(number, clock);
    return new StoreServer({
      ...this.#parts,
      name,
      clock,
      isAlipayGone: () => this.#isAlipayGone || machine().isCutOff,
      isJournalGone: () => this.#isJournalGone,
      onCrash: () => this.#startAgain(machine(), start + 1),
    });
  }

  #startAgain(machine: Machine, start: number): void {
    const { ground } = this.#parts;
    const draw = ground.fates.draw(`rest after ${machine.number} start ${start}`);
    const restMs = draw < 0.7 ? 500 + draw * 15_000 : draw < 0.9 ? 15_000 + draw * 30_000 : 240_000;
    ground.time.after(durationMs(restMs), () => {
      machine.server = this.#server(machine.number, start, () => machine);
      void machine.server.start();
    });
  }

  #everyStretch(): void {
    if (this.#isStormOver) return;
    const { ground } = this.#parts;
    const { weather, fates, stretch } = ground;
    ground.tell({ type: 'weather-changed', weather: weather.name });
    this.#isAlipayGone = fates.of(`stretch ${stretch}`, { 'Alipay gone': weather.alipayGone }) !== null;
    this.#isJournalGone = fates.of(`the stretch ${stretch}`, { 'journal gone': weather.journalGone }) !== null;
    for (const machine of this.#machines) this.#strike(machine, stretch);
    ground.time.after(durationMs(stretchMs), () => this.#everyStretch());
  }

  #strike(machine: Machine, stretch: number): void {
    const { ground } = this.#parts;
    const { fates, weather } = ground;
    const place = `server ${machine.number} stretch ${stretch}`;
    machine.isCutOff = fates.of(`road of ${place}`, { 'cut off': weather.serverCutOff }) !== null;
    const { pause, clockJump, crash } = weather;
    const fate = fates.of(place, { pause, 'clock jump': clockJump, crash });
    if (fate === null) return;
    const draw = fates.draw(`how of ${place}`);
    ground.time.after(durationMs(draw * stretchMs), () => {
      if (this.#isStormOver) return;
      if (fate === 'crash') machine.server.crash();
      else if (fate === 'pause') machine.server.pause(2_000 + draw * 25_000);
      else this.#clocks.get(machine.number)?.jump((draw - 0.5) * 240_000);
    });
  }
}
