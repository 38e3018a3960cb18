// When each sale begins: about one every two and a half seconds over all tills, and now and then a rush.

import { type DurationMs, durationMs } from '#foundation/instant.ts';
import { below, type Random } from '#foundation/random.ts';
import type { SaleNumber } from '../shop/happening.ts';
import { ownDraws, secondMs } from './chance.ts';

// A hundred sales in four minutes, the last twenty of them in eight seconds.
const roundSales = 100;
const calmSales = 80;
const calmMs = 2_900;
const rushMs = 400;
const roundMs = calmSales * calmMs + (roundSales - calmSales) * rushMs;
const spreadMs = 3 * secondMs;

/**
 * The time from the world's start to the opening of sale `sale`. It follows from the sale's number and its own `draws` alone, so that
 * leaving out a sale moves no other.
 */
export function startsAt(draws: Random, sale: SaleNumber): DurationMs {
  const inRound = sale % roundSales;
  const calm = Math.min(inRound, calmSales);
  const paceMs = Math.floor(sale / roundSales) * roundMs + calm * calmMs + (inRound - calm) * rushMs;
  return durationMs(paceMs + below(ownDraws(draws), spreadMs));
}
