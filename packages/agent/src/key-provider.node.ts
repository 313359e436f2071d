import type { IAgentContext, IIdentifier, IKey, IKeyManager } from '@veramo/core-types';
import { AbstractIdentifierProvider } from '@veramo/did-manager';
import { DidError } from './errors.ts';

type Context = IAgentContext<IKeyManager>;

/** Makes the DID from a key, from a second one to agree on secrets where there is one, and from the options that only the method knows. */
export type DidOfKey = (key: IKey, agreement: IKey | undefined, options: Readonly<Record<string, unknown>>) => string;

/**
 * A Veramo provider for methods whose DID follows from a key that exists, or from a place. The key is
 * made first, so that no private key passes through Veramo's arguments.
 */
export class KeyRefProvider extends AbstractIdentifierProvider {
	readonly #didOf: DidOfKey;

	constructor(didOf: DidOfKey) {
		super();
		this.#didOf = didOf;
	}

	override async createIdentifier({ options }: { options?: Readonly<Record<string, unknown>> }, context: Context): Promise<Omit<IIdentifier, 'provider'>> {
		const kid = options?.keyRef;
		if (typeof kid !== 'string') throw new DidError('did/unsupported');
		const key = await context.agent.keyManagerGet({ kid });
		const second = options?.agreementKeyRef;
		const agreement = typeof second === 'string' ? await context.agent.keyManagerGet({ kid: second }) : undefined;
		return { did: this.#didOf(key, agreement, options ?? {}), controllerKeyId: key.kid, keys: agreement ? [key, agreement] : [key], services: [] };
	}

	override async updateIdentifier(): Promise<IIdentifier> {
		throw new DidError('did/unsupported');
	}

	/** Nothing outside the wallet knows of these DIDs' ends. Keys are deleted by the agent, which knows who else needs them. */
	override async deleteIdentifier(): Promise<boolean> {
		return true;
	}

	override async addKey(): Promise<never> {
		throw new DidError('did/unsupported');
	}

	override async removeKey(): Promise<never> {
		throw new DidError('did/unsupported');
	}

	override async addService(): Promise<never> {
		throw new DidError('did/unsupported');
	}

	override async removeService(): Promise<never> {
		throw new DidError('did/unsupported');
	}
}
