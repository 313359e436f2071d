import type { CallInput, DidMethod, KeyType } from '@holdfast/contract';
import { Button, Disclosure, Inline, RadioGroup, Select, Stack, TextField, useToast } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { KEY_TYPE_NAMES, METHOD_MEANINGS } from '../../../shell/words.ts';
import { webTargetProblem } from './web-target.ts';

const METHODS: readonly DidMethod[] = ['did:key', 'did:jwk', 'did:web', 'did:ethr', 'did:peer', 'did:pkh'];
const OPTIONS = METHODS.map((value) => ({ value, label: value, description: METHOD_MEANINGS[value] }));

/** Key types to choose from; a method that is not here takes what it needs. X25519 cannot sign, so it is never offered. */
const KEY_TYPES: { readonly [method in DidMethod]?: readonly KeyType[] } = {
	'did:key': ['Ed25519', 'Secp256r1', 'Secp256k1'],
	'did:jwk': ['Secp256r1', 'Ed25519', 'Secp256k1'],
	'did:web': ['Secp256r1', 'Ed25519', 'Secp256k1'],
};

const needsNetwork = (method: DidMethod): boolean => method === 'did:ethr' || method === 'did:pkh';

/** Makes a DID. */
export function CreateIdentityScreen(): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const networks = useQuery('networks.list', {}, ['networks']);
	const create = useAction('dids.create');
	const [method, setMethod] = useState<DidMethod>('did:key');
	const [keyType, setKeyType] = useState<KeyType>();
	const [alias, setAlias] = useState('');
	const [chainId, setChainId] = useState<string>();
	const [domain, setDomain] = useState('');
	const [path, setPath] = useState('');
	const keyTypes = KEY_TYPES[method];
	const list = networks.status === 'ready' ? networks.value.filter((each) => method !== 'did:ethr' || each.ethrRegistry !== null) : [];
	const chosenChain = list.find((each) => String(each.chainId) === chainId) ?? list[0];
	const webProblem = method === 'did:web' ? webTargetProblem(domain.trim(), path.trim()) : undefined;
	const isReady = webProblem === undefined && (!needsNetwork(method) || chosenChain !== undefined);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || create.pending) return;
		const input: CallInput<'dids.create'> = { method };
		if (keyTypes) input.keyType = keyType !== undefined && keyTypes.includes(keyType) ? keyType : keyTypes[0];
		if (alias.trim() !== '') input.alias = alias.trim();
		if (needsNetwork(method) && chosenChain) input.chainId = chosenChain.chainId;
		if (method === 'did:web') {
			input.domain = domain.trim();
			if (path.trim() !== '') input.path = path.trim();
		}
		const result = await create.run(input);
		if (!result.ok) return;
		toast({ title: 'Identity created', tone: 'positive' });
		go(paths.identity(result.value.did));
	};

	return (
		<Screen
			title="Create identity"
			lead="An identity is a name with keys behind it. Others use it to check what you sign."
			back={{ label: 'Identities', onNavigate: () => go(paths.identities) }}
		>
			<form onSubmit={(event) => void submit(event)}>
				<Stack gap={6}>
					<RadioGroup label="Kind of identity" variant="cards" options={OPTIONS} value={method} onChange={setMethod} />
					<div className="app-narrow">
						<Stack gap={4}>
							<TextField label="Name" isOptional description="Only you see it." value={alias} onChange={setAlias} maxLength={80} />
							{method === 'did:web' && (
								<>
									<TextField
										label="Domain"
										description="Where you can publish a file, such as example.com."
										value={domain}
										onChange={setDomain}
										isMono
										maxLength={253}
										error={domain === '' ? undefined : webProblem}
									/>
									<TextField
										label="Path"
										isOptional
										description="For several identities on one domain, such as people/ada."
										value={path}
										onChange={setPath}
										isMono
										maxLength={253}
									/>
								</>
							)}
							{needsNetwork(method) && (
								<Select
									label="Network"
									options={list.map((each) => ({ value: String(each.chainId), label: each.name }))}
									value={chosenChain === undefined ? undefined : String(chosenChain.chainId)}
									onChange={setChainId}
									error={networks.status === 'ready' && list.length === 0 ? 'No network fits. Add one under Networks.' : undefined}
								/>
							)}
							{keyTypes && (
								<Disclosure label="Key type">
									<Select
										label="Key type"
										description="P-256 is understood most widely, Ed25519 is the modern default, secp256k1 is Ethereum’s."
										options={keyTypes.map((value) => ({ value, label: KEY_TYPE_NAMES[value] }))}
										value={keyType !== undefined && keyTypes.includes(keyType) ? keyType : keyTypes[0]}
										onChange={setKeyType}
									/>
								</Disclosure>
							)}
							<Problem title="The identity was not created" error={create.error} />
							<Inline justify="end">
								<Button type="submit" variant="primary" isPending={create.pending} pendingLabel="Creating…" isDisabled={!isReady}>
									Create identity
								</Button>
							</Inline>
						</Stack>
					</div>
				</Stack>
			</form>
		</Screen>
	);
}
