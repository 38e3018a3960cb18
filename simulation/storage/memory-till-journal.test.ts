// The tills' journal in memory against the same contracts as PostgreSQL.

import { documentJournalContract } from '#checkout/document-journal.contract.ts';
import { tillJournalContract } from '#checkout/till-journal.contract.ts';
import { instant } from '#foundation/instant.ts';
import { makeMemoryStorage } from './index.ts';

const clock = { now: () => instant(Math.floor(performance.timeOrigin + performance.now())) };

async function makeSubject() {
  const { tills, payments, sales } = makeMemoryStorage(clock);
  return {
    ...{ tills, other: tills, documents: tills, payments, sales },
    factsOf: async (merchantId: (typeof tills.facts)[number]['merchantId']) =>
      tills.facts.filter((fact) => fact.merchantId === merchantId).map(({ type, data }) => ({ type, data })),
    close: async () => undefined,
  };
}

tillJournalContract('Memory', makeSubject, 100_000);
documentJournalContract('Memory', makeSubject);
