// The signing of production keeps the contract.

import { pooledSigning } from './pooled-signing.ts';
import { signingContract } from './signing.contract.ts';

signingContract('The pooled signing', pooledSigning);
