import { sha256 } from '@holdfast/crypto';
import { clientAuthenticationAnonymous, type Openid4vciClient } from '../shared/library.ts';

type Callbacks = ConstructorParameters<typeof Openid4vciClient>[0]['callbacks'];

const unused = (): never => {
	throw new TypeError('This callback is not used: proofs are signed by proof.ts, and neither PKCE nor DPoP is in this flow.');
};

/** What the library needs of us: only the network. */
export function clientCallbacks(fetch: typeof globalThis.fetch): Callbacks {
	return { fetch, hash: (data) => sha256(data), signJwt: unused, generateRandom: unused, clientAuthentication: clientAuthenticationAnonymous() };
}
