import type { CallInput, CallOutput, ClaimPath, CredentialFormat, CredentialType, Network, TokenStandard } from '@holdfast/contract';
import { CheckboxGroup, RadioGroup, Select, Stack, Switch, Tabs, TextArea, TextField } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useQuery } from '../../../shell/calls.dom.ts';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { isAddress, isTokenId, STANDARD_OPTIONS } from '../../../shell/tokens.ts';
import { formatMeaning, formatName } from '../../../shell/words.ts';
import { readDcql } from './dcql.ts';

type Request = CallInput<'verify.prepare'>['request'];
type Preset = CallOutput<'verify.presets'>[number];

/** What is asked for, as far as it has been chosen. */
export interface What {
	readonly kind: Request['kind'];
	readonly presetId: string | undefined;
	readonly refusesRevoked: boolean;
	readonly listAge: (typeof LIST_AGES)[number]['value'];
	readonly asksOnce: boolean;
	/** What each holder counts once for. */
	readonly occasion: string;
	readonly typeId: string | undefined;
	readonly format: CredentialFormat;
	/** Keys of the ticked claims. */
	readonly ticked: readonly string[];
	readonly dcql: string;
	/** Of the token that they should own; empty for any of the collection. */
	readonly chainId: string | undefined;
	readonly contract: string;
	readonly standard: TokenStandard;
	readonly tokenId: string;
	/** Seconds. */
	readonly blockAge: (typeof BLOCK_AGES)[number]['value'];
	readonly takesDelegates: boolean;
}

export const NOTHING: What = {
	kind: 'preset',
	presetId: undefined,
	refusesRevoked: false,
	listAge: '86400',
	asksOnce: false,
	occasion: '',
	typeId: undefined,
	format: 'dc+sd-jwt',
	ticked: [],
	dcql: '',
	chainId: undefined,
	contract: '',
	standard: 'erc721',
	tokenId: '',
	blockAge: '3600',
	takesDelegates: false,
};

/** Seconds that a list of revoked documents may be old. */
const LIST_AGES = [
	{ value: '3600', label: '1 hour old' },
	{ value: '86400', label: '1 day old' },
	{ value: '604800', label: '1 week old' },
] as const;

const BLOCK_AGES = [
	{ value: '600', label: 'Within the last 10 minutes' },
	{ value: '3600', label: 'Within the last hour' },
	{ value: '86400', label: 'Within the last day' },
] as const;

/** The same choices, of a request that was made. */
export function whatOf(request: Request): What {
	const { kind } = request;
	switch (kind) {
		case 'preset': {
			const age = LIST_AGES.find(({ value }) => Number(value) === request.notRevoked?.maxAgeSec)?.value;
			return {
				...NOTHING,
				kind,
				presetId: request.presetId,
				refusesRevoked: request.notRevoked !== undefined,
				...(age === undefined ? {} : { listAge: age }),
				asksOnce: request.once !== undefined,
				occasion: request.once?.purpose ?? '',
			};
		}
		case 'claims':
			return { ...NOTHING, kind, typeId: request.typeId, format: request.format, ticked: request.paths.map((path) => JSON.stringify(path)) };
		case 'ownership': {
			const { chainId, contract, standard, tokenId, delegates = false } = request;
			const age = BLOCK_AGES.find(({ value }) => Number(value) === request.maxBlockAgeSec)?.value;
			return {
				...NOTHING,
				kind,
				chainId: String(chainId),
				contract,
				standard,
				tokenId: tokenId ?? '',
				takesDelegates: delegates,
				...(age === undefined ? {} : { blockAge: age }),
			};
		}
		case 'dcql':
			return { ...NOTHING, kind, dcql: JSON.stringify(request.dcql, null, 2) };
	}
}

const FORMATS = (['dc+sd-jwt', 'jwt_vc_json'] as const).map((value) => ({ value, label: formatName(value), description: formatMeaning(value) }));

const MISSING_OCCASION = 'Say what each holder counts once for.';
export const MISSING_IDENTITY = 'Choose one of your identities: holders are known again by it, and by nobody else.';

export type ReadWhat = { readonly request: Request; readonly title: string } | { readonly missing: string };

/** What the draft asks for, or what is still missing. */
function requestOf(draft: What, hasIdentity: boolean, types: readonly CredentialType[], presets: readonly Preset[], networks: readonly Network[]): ReadWhat {
	switch (draft.kind) {
		case 'preset': {
			const preset = presets.find((each) => each.id === draft.presetId);
			if (preset === undefined) return { missing: 'Choose what to ask for.' };
			const once = preset.can.askOnce && draft.asksOnce;
			if (once && draft.occasion.trim() === '') return { missing: MISSING_OCCASION };
			if (once && !hasIdentity) return { missing: MISSING_IDENTITY };
			return {
				request: {
					kind: 'preset',
					presetId: preset.id,
					...(preset.can.refuseRevoked && draft.refusesRevoked ? { notRevoked: { maxAgeSec: Number(draft.listAge) } } : {}),
					...(once ? { once: { purpose: draft.occasion.trim() } } : {}),
				},
				title: preset.title,
			};
		}
		case 'claims': {
			const type = types.find((each) => each.id === draft.typeId);
			if (!type) return { missing: 'Choose a kind of document.' };
			const fields = type.fields.filter((field) => draft.ticked.includes(JSON.stringify(field.path)));
			if (fields.length === 0) return { missing: 'Tick at least one claim.' };
			return { request: { kind: 'claims', typeId: type.id, format: draft.format, paths: fields.map((field): ClaimPath => [...field.path]) }, title: type.name };
		}
		case 'ownership': {
			const network = networks.find((each) => String(each.chainId) === draft.chainId) ?? networks[0];
			if (network === undefined) return { missing: 'Add a network first, under Identities.' };
			if (!isAddress(draft.contract.trim())) return { missing: 'A contract’s address is 0x and 40 hexadecimal digits.' };
			const tokenId = draft.tokenId.trim();
			if (tokenId !== '' && !isTokenId(tokenId)) return { missing: 'A token’s number is a whole number.' };
			return {
				request: {
					kind: 'ownership',
					chainId: network.chainId,
					contract: draft.contract.trim(),
					standard: draft.standard,
					tokenId: tokenId === '' ? null : tokenId,
					maxBlockAgeSec: Number(draft.blockAge),
					...(draft.takesDelegates ? { delegates: true } : {}),
				},
				title: 'Ownership of a token',
			};
		}
		case 'dcql': {
			const read = readDcql(draft.dcql);
			return 'problem' in read ? { missing: read.problem } : { request: { kind: 'dcql', dcql: read.dcql }, title: 'Request' };
		}
	}
}

/** What is chosen, as a request, or what is still missing. `hasIdentity`: whether it is asked with a DID. */
export function useRequestOf(what: What, hasIdentity: boolean): ReadWhat {
	const presets = useQuery('verify.presets', {});
	const types = useQuery('issue.types', {});
	const networks = useQuery('networks.list', {}, ['networks']);
	return requestOf(
		what,
		hasIdentity,
		types.status === 'ready' ? types.value : [],
		presets.status === 'ready' ? presets.value : [],
		networks.status === 'ready' ? networks.value : [],
	);
}

interface WhatToSeeProps {
	readonly what: What;
	readonly onChange: (change: Partial<What>) => void;
	/** Another kind of request was chosen. */
	readonly onKind: () => void;
	/** Whether what is missing is to be said. */
	readonly isChecked: boolean;
	readonly missing: string | undefined;
}

/** The choice of what to ask for: a common request, claims of a kind of document, a token, or a query in DCQL. */
export function WhatToSee({ what, onChange, onKind, isChecked, missing }: WhatToSeeProps): ReactElement {
	const presets = useQuery('verify.presets', {});
	const types = useQuery('issue.types', {});
	const networks = useQuery('networks.list', {}, ['networks']);
	const type = types.status === 'ready' ? types.value.find((each) => each.id === what.typeId) : undefined;
	const networkList = networks.status === 'ready' ? networks.value : [];
	return (
		<Tabs
			label="Kind of request"
			selected={what.kind}
			onSelect={(kind) => {
				onKind();
				onChange({ kind });
			}}
			items={[
				{
					id: 'preset',
					label: 'Common requests',
					content: (
						<Loaded query={presets} what="the common requests">
							{(list) => (
								<Stack gap={5}>
									<RadioGroup
										label="Request"
										variant="cards"
										options={list.map((each) => ({ value: each.id, label: each.title, description: each.summary }))}
										value={what.presetId}
										onChange={(presetId) => onChange({ presetId })}
										error={what.presetId === undefined ? missing : undefined}
									/>
									<Conditions preset={list.find((each) => each.id === what.presetId)} what={what} onChange={onChange} isChecked={isChecked} />
								</Stack>
							)}
						</Loaded>
					),
				},
				{
					id: 'claims',
					label: 'Choose claims',
					content: (
						<Loaded query={types} what="the kinds of documents">
							{(list) => (
								<Stack gap={5}>
									<div className="app-narrow">
										<Select
											label="Document"
											options={list.map((each) => ({ value: each.id, label: each.name, description: each.description }))}
											value={what.typeId}
											onChange={(typeId) => onChange({ typeId, ticked: [] })}
											error={type ? undefined : missing}
										/>
									</div>
									{type && (
										<>
											<CheckboxGroup
												label="Claims"
												options={type.fields.map((field) => ({ value: JSON.stringify(field.path), label: field.label }))}
												value={what.ticked}
												onChange={(ticked) => onChange({ ticked })}
												error={missing}
											/>
											<RadioGroup label="Format" variant="cards" options={FORMATS} value={what.format} onChange={(format) => onChange({ format })} />
										</>
									)}
								</Stack>
							)}
						</Loaded>
					),
				},
				{
					id: 'ownership',
					label: 'Ownership of a token',
					content: (
						<div className="app-narrow">
							<Stack gap={4}>
								<Select
									label="Network"
									options={networkList.map((each) => ({ value: String(each.chainId), label: each.name }))}
									value={what.chainId ?? (networkList[0] && String(networkList[0].chainId))}
									onChange={(chainId) => onChange({ chainId })}
								/>
								<TextField
									label="Contract"
									description="The collection’s address. They show the address that owns the token, and none of their other accounts."
									value={what.contract}
									onChange={(contract) => onChange({ contract })}
									placeholder="0x"
									isMono
									maxLength={42}
									error={missing}
								/>
								<TextField
									label="Token number"
									isOptional
									description="Empty: any token of the collection."
									value={what.tokenId}
									onChange={(tokenId) => onChange({ tokenId })}
									inputMode="numeric"
									isMono
									maxLength={78}
								/>
								<Select
									label="They owned it"
									description="Networks settle slowly: ten minutes are too few for some."
									options={BLOCK_AGES}
									value={what.blockAge}
									onChange={(blockAge) => onChange({ blockAge })}
								/>
								<Switch
									isSelected={what.takesDelegates}
									onChange={(takesDelegates) => onChange({ takesDelegates })}
									description="Some keep their tokens in a wallet that they connect nowhere, and let another account act for it (delegate.xyz). The verdict says which of the two it was."
								>
									Accept whoever the owner lets act for it
								</Switch>
								<RadioGroup
									label="How it counts"
									variant="cards"
									options={STANDARD_OPTIONS}
									value={what.standard}
									onChange={(standard) => onChange({ standard })}
								/>
							</Stack>
						</div>
					),
				},
				{
					id: 'dcql',
					label: 'Advanced',
					content: (
						<TextArea
							label="DCQL query"
							description="A query in the Digital Credentials Query Language (OpenID4VP 1.0, section 6), as JSON."
							value={what.dcql}
							onChange={(dcql) => onChange({ dcql })}
							rows={10}
							isMono
							error={missing}
						/>
					),
				},
			]}
		/>
	);
}

interface ConditionsProps {
	readonly preset: Preset | undefined;
	readonly what: What;
	readonly isChecked: boolean;
	readonly onChange: (change: Partial<What>) => void;
}

/** What a proof can show besides: that the document is not revoked, and that its holder comes for the first time. */
function Conditions({ preset, what, isChecked, onChange }: ConditionsProps): ReactElement | null {
	if (!preset?.can.refuseRevoked && !preset?.can.askOnce) return null;
	return (
		<Stack gap={4}>
			{preset.can.refuseRevoked && (
				<Switch
					isSelected={what.refusesRevoked}
					onChange={(refusesRevoked) => onChange({ refusesRevoked })}
					description="They prove it by their issuer’s list. Only documents from issuers with such a list can answer, and nothing else is accepted instead."
				>
					Refuse revoked documents
				</Switch>
			)}
			{preset.can.refuseRevoked && what.refusesRevoked && (
				<div className="app-narrow">
					<Select
						label="The list may be at most"
						description="A younger list learns of a revocation sooner; an older one still works where somebody is offline."
						options={LIST_AGES}
						value={what.listAge}
						onChange={(listAge) => onChange({ listAge })}
					/>
				</div>
			)}
			{preset.can.askOnce && (
				<Switch
					isSelected={what.asksOnce}
					onChange={(asksOnce) => onChange({ asksOnce })}
					description="You can tell when the same holder comes again, but not who it is. Only wallets that can prove it can answer."
				>
					Accept each holder once
				</Switch>
			)}
			{preset.can.askOnce && what.asksOnce && (
				<div className="app-narrow">
					<TextField
						label="Once for"
						description="The occasion, for example “Wine tasting 2026”. They read it. Under another name, everybody counts anew."
						value={what.occasion}
						onChange={(occasion) => onChange({ occasion })}
						maxLength={120}
						error={isChecked && what.occasion.trim() === '' ? MISSING_OCCASION : undefined}
					/>
				</div>
			)}
		</Stack>
	);
}
