import { createAgent, type ICredentialIssuer, type IDIDManager, type IKeyManager, type IResolver } from '@veramo/core';
import { CredentialProviderJWT } from '@veramo/credential-jwt';
import { CredentialPlugin } from '@veramo/credential-w3c';
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager';
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager';
import { KeyManagementSystem } from '@veramo/kms-local';

/** Veramo as its documentation sets it up, with everything in memory: what a benchmark stands beside. */
export async function plainVeramo(): Promise<{ issue(subject: string, claims: Readonly<Record<string, unknown>>): Promise<string> }> {
	const agent = createAgent<IDIDManager & IKeyManager & IResolver & ICredentialIssuer>({
		plugins: [
			new KeyManager({ store: new MemoryKeyStore(), kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) } }),
			new DIDManager({ store: new MemoryDIDStore(), defaultProvider: 'did:key', providers: { 'did:key': new KeyDIDProvider({ defaultKms: 'local' }) } }),
			new DIDResolverPlugin({ ...getDidKeyResolver() }),
			new CredentialPlugin([new CredentialProviderJWT()]),
		],
	});
	const { did } = await agent.didManagerCreate({ provider: 'did:key', options: { keyType: 'Ed25519' } });
	return {
		issue: async (subject, claims) => {
			const credential = await agent.createVerifiableCredential({
				proofFormat: 'jwt',
				credential: { issuer: { id: did }, type: ['VerifiableCredential', 'EmployeeBadgeCredential'], credentialSubject: { id: subject, ...claims } },
			});
			return String(credential.proof.jwt);
		},
	};
}
