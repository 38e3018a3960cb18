// The door of the workload: the people and tills of the simulated shop. It acts on a stage and knows nothing about what is right.

export { startsAt } from './opening-times.ts';
export { ringUp } from './ring-up.ts';
