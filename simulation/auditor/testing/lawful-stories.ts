// What may lawfully become of a sale, step by step, as the journal, Alipay and the till see it. Steps of different sales may be told in
// any mixture. A breach in a test is one of these stories with one thing wrong.

import { paymentTold, type SmallWorld } from './small-world.ts';

export type Step = (world: SmallWorld) => void;
export type Story = (sale: number) => readonly Step[];

const late = { rounds: 1 };

/** Rung up, scanned, written and answered for: what every story begins with. The charge is `<sale>a`. */
function begins(sale: number): Step[] {
  return [
    (world) => world.sale(sale),
    (world) => world.tell({ type: 'code-scanned', sale, till: 1, walletId: '2088' }),
    (world) => world.charge(sale, `${sale}a`, 'authorizing'),
  ];
}

function isPaid(sale: number, name = `${sale}a`): Step[] {
  return [
    (world) => world.takes(name),
    (world) => world.charge(sale, name, 'approved'),
    (world) => world.toldPayment(sale, name, 'paid'),
  ];
}

function isGivenUp(sale: number): Step[] {
  return [
    (world) => world.charge(sale, `${sale}a`, 'unclear'),
    (world) => world.charge(sale, `${sale}a`, 'reversing'),
    (world) => world.toldPayment(sale, `${sale}a`, 'not-paid', { custody: true }),
  ];
}

const paid: Story = (sale) => [...begins(sale), ...isPaid(sale)];

const paidByTheOwner: Story = (sale) => [
  ...begins(sale),
  (world) => world.opened(`${sale}a`),
  (world) => world.charge(sale, `${sale}a`, 'awaiting-payer'),
  (world) => world.toldPayment(sale, `${sale}a`, 'awaiting-payer'),
  (world) => world.paid(`${sale}a`),
  (world) => world.toldPayment(sale, `${sale}a`, 'processing'),
  (world) => world.charge(sale, `${sale}a`, 'approved'),
  (world) => world.toldPayment(sale, `${sale}a`, 'paid'),
  (world) => world.toldSale(sale, 'paid', { payments: [paymentTold(`${sale}a`, 'paid')] }),
];

const refundedInParts: Story = (sale) => [
  ...paid(sale),
  (world) => world.refund(sale, `${sale}r`, `${sale}a`, 'requesting', 400n),
  (world) => world.gaveBack(`${sale}a`, `pa_${sale}r`, 400n),
  (world) => world.refund(sale, `${sale}r`, `${sale}a`, 'refunded', 400n),
  (world) => world.toldRefund(sale, `${sale}r`, `${sale}a`, 'refunded', 400n),
  (world) => world.refund(sale, `${sale}s`, `${sale}a`, 'requesting', 600n),
  (world) => world.toldRefund(sale, `${sale}s`, `${sale}a`, 'processing', 600n),
  (world) => world.gaveBack(`${sale}a`, `pa_${sale}s`, 600n),
  (world) => world.closed(`${sale}a`, 'refunded'),
  (world) => world.refund(sale, `${sale}s`, `${sale}a`, 'refunded', 600n),
];

const refundDeclined: Story = (sale) => [
  ...paid(sale),
  (world) => world.refund(sale, `${sale}r`, `${sale}a`, 'requesting', 1_000n),
  (world) => world.refund(sale, `${sale}r`, `${sale}a`, 'declined', 1_000n),
  (world) => world.toldRefund(sale, `${sale}r`, `${sale}a`, 'declined', 1_000n),
  (world) => world.refund(sale, `${sale}s`, `${sale}a`, 'requesting', 1_000n),
  (world) => world.gaveBack(`${sale}a`, `pa_${sale}s`, 1_000n),
  (world) => world.refund(sale, `${sale}s`, `${sale}a`, 'refunded', 1_000n),
];

const declined: Story = (sale) => [
  ...begins(sale),
  (world) => world.charge(sale, `${sale}a`, 'declined'),
  (world) => world.toldPayment(sale, `${sale}a`, 'not-paid'),
  (world) => world.charge(sale, `${sale}b`, 'authorizing'),
  ...isPaid(sale, `${sale}b`),
];

const cancelledUnpaid: Story = (sale) => [
  ...begins(sale),
  (world) => world.opened(`${sale}a`),
  ...isGivenUp(sale),
  (world) => world.closed(`${sale}a`, 'cancelled'),
  (world) => world.charge(sale, `${sale}a`, 'reversed'),
  (world) => world.toldPayment(sale, `${sale}a`, 'not-paid'),
];

const cancelledPaid: Story = (sale) => [
  ...begins(sale),
  ...isGivenUp(sale),
  (world) => world.takes(`${sale}a`),
  (world) => world.cancels(`${sale}a`),
  (world) => world.charge(sale, `${sale}a`, 'reversed'),
];

const returnedTooLateToCancel: Story = (sale) => [
  ...begins(sale),
  ...isGivenUp(sale),
  (world) => world.takes(`${sale}a`),
  (world) => world.charge(sale, `${sale}a`, 'returning'),
  (world) => world.gaveBack(`${sale}a`, `pa_${sale}a_return`, 1_000n),
  (world) => world.closed(`${sale}a`, 'refunded'),
  (world) => world.charge(sale, `${sale}a`, 'returned'),
];

/** The hardest lawful one: the first charge was closed as never received, the second is paid, and then the first arrives after all. */
const lateBesidePaid: Story = (sale) => [
  ...begins(sale),
  ...isGivenUp(sale),
  (world) => world.charge(sale, `${sale}a`, 'watching'),
  (world) => world.charge(sale, `${sale}a`, 'reversed', { dueAt: world.now }),
  (world) => world.toldPayment(sale, `${sale}a`, 'not-paid'),
  (world) => world.charge(sale, `${sale}b`, 'authorizing'),
  (world) => world.takes(`${sale}a`),
  ...isPaid(sale, `${sale}b`),
  (world) => world.charge(sale, `${sale}a`, 'reversing', late),
  (world) => world.toldPayment(sale, `${sale}a`, 'not-paid', { custody: true }),
  (world) => world.cancels(`${sale}a`),
  (world) => world.charge(sale, `${sale}a`, 'reversed', late),
];

const nobodyPaid: Story = (sale) => [(world) => world.sale(sale), (world) => world.toldSale(sale, 'open')];

export const lawfulStories = {
  paid,
  paidByTheOwner,
  refundedInParts,
  refundDeclined,
  declined,
  cancelledUnpaid,
  cancelledPaid,
  returnedTooLateToCancel,
  lateBesidePaid,
  nobodyPaid,
} satisfies Record<string, Story>;
