import { signingContract } from '#channels/alipay/signing.contract.ts';
import { digestWay, rsaWay } from './signing-ways.ts';

signingContract('The digest of a world', digestWay.store);
signingContract('RSA in a world', rsaWay.store);
