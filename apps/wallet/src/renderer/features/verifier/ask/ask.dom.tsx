import type { CallInput, CallOutput, ClaimPath, CredentialFormat, CredentialType, Network, TokenStandard } from '@holdfast/contract';
import {
	Banner,
	Button,
	CheckboxGroup,
	Disclosure,
	Inline,
	KeyValueList,
	Panel,
	RadioGroup,
	Section,
	Select,
	Stack,
	Switch,
	Tabs,
	Text,
	TextArea,
	TextField,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { isAddress, isTokenId, STANDARD_OPTIONS } from '../../../shell/tokens.ts';
import { formatMeaning, formatName } from '../../../shell/words.ts';
import { readDcql } from './dcql.ts';

type Review = CallOutput<'verify.prepare'>;
type Request = CallInput<'verify.prepare'>['request'];
type Kind = Request['kind'];
type Preset = CallOutput<'verify.presets'>[number];

interface Draft {
	readonly kind: Kind;
	/** Why it is asked, in the verifier's words. */
	readonly reason: string;
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
	readonly blockAge: '600' | '3600' | '86400';
	/** `address` for the response address alone, else a DID. */
	readonly identity: string;
	readonly encrypted: boolean;
	readonly expiresInMinutes: '5' | '15' | '60' | '1440';
}

const EXPIRY = [
	{ value: '5', label: '5 minutes' },
	{ value: '15', label: '15 minutes' },
	{ value: '60', label: '1 hour' },
	{ value: '1440', label: '1 day' },
] as const;

/** Seconds that a list of revoked documents may be old. */
const LIST_AGES = [
	{ value: '3600', label: '1 hour old' },
	{ value: '86400', label: '1 day old' },
	{ value: '604800', label: '1 week old' },
] as const;

const FORMATS = (['dc+sd-jwt', 'jwt_vc_json'] as const).map((value) => ({ value, label: formatName(value), description: formatMeaning(value) }));

const BLOCK_AGES = [
	{ value: '600', label: 'Within the last 10 minutes' },
	{ value: '3600', label: 'Within the last hour' },
	{ value: '86400', label: 'Within the last day' },
] as const;

const BY_ADDRESS = 'address';

const MISSING_OCCASION = 'Say what each holder counts once for.';
const MISSING_IDENTITY = 'Choose one of your identities: holders are known again by it, and by nobody else.';

/** What the draft asks for, or what is still missing. */
function requestOf(
	draft: Draft,
	types: readonly CredentialType[],
	presets: readonly Preset[],
	networks: readonly Network[],
): { readonly request: Request; readonly title: string } | { readonly missing: string } {
	switch (draft.kind) {
		case 'preset': {
			const preset = presets.find((each) => each.id === draft.presetId);
			if (preset === undefined) return { missing: 'Choose what to ask for.' };
			const once = preset.can.askOnce && draft.asksOnce;
			if (once && draft.occasion.trim() === '') return { missing: MISSING_OCCASION };
			if (once && draft.identity === BY_ADDRESS) return { missing: MISSING_IDENTITY };
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

/** Makes a request for somebody's documents. */
export function AskScreen(): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const [draft, setDraft] = useState<Draft>({
		kind: 'preset',
		reason: '',
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
		identity: BY_ADDRESS,
		encrypted: true,
		expiresInMinutes: '15',
	});
	const [review, setReview] = useState<Review>();
	if (review !== undefined) {
		return (
			<ReviewStep
				review={review}
				onEdit={() => setReview(undefined)}
				onDiscarded={() => {
					toast({ title: 'Request discarded' });
					go(paths.verify);
				}}
				onApproved={(id) => go(paths.verification(id))}
			/>
		);
	}
	return <ComposeStep draft={draft} onDraft={setDraft} onReview={setReview} />;
}

interface ComposeStepProps {
	readonly draft: Draft;
	readonly onDraft: (draft: Draft) => void;
	readonly onReview: (review: Review) => void;
}

function ComposeStep({ draft, onDraft, onReview }: ComposeStepProps): ReactElement {
	const [, go] = useLocation();
	const presets = useQuery('verify.presets', {});
	const types = useQuery('issue.types', {});
	const dids = useQuery('dids.list', {}, ['dids']);
	const networks = useQuery('networks.list', {}, ['networks']);
	const prepare = useAction('verify.prepare');
	const [isChecked, setChecked] = useState(false);
	const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
	const typeList = types.status === 'ready' ? types.value : [];
	const type = typeList.find((each) => each.id === draft.typeId);
	const presetList = presets.status === 'ready' ? presets.value : [];
	const networkList = networks.status === 'ready' ? networks.value : [];
	const read = requestOf(draft, typeList, presetList, networkList);
	const missing = isChecked && 'missing' in read ? read.missing : undefined;

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if ('missing' in read || prepare.pending) return;
		const result = await prepare.run({
			title: draft.reason.trim() === '' ? read.title : draft.reason.trim(),
			...(draft.reason.trim() === '' ? {} : { purpose: draft.reason.trim() }),
			request: read.request,
			verifierDid: draft.identity === BY_ADDRESS ? null : draft.identity,
			encrypted: draft.encrypted,
			expiresInMinutes: Number(draft.expiresInMinutes),
		});
		if (result.ok) onReview(result.value);
	};

	return (
		<Screen
			key="compose"
			title="Ask for a document"
			lead="Ask for as little as you need: people refuse requests that want too much."
			back={{ label: 'Verify', onNavigate: () => go(paths.verify) }}
		>
			<form onSubmit={(event) => void submit(event)} noValidate>
				<Stack gap={6}>
					<Section title="What you want to see">
						<Tabs
							label="Kind of request"
							selected={draft.kind}
							onSelect={(kind) => {
								setChecked(false);
								set({ kind });
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
														options={list.map((each) => ({ value: each.id, label: each.title, description: each.asks.join('; ') }))}
														value={draft.presetId}
														onChange={(presetId) => set({ presetId })}
														error={draft.presetId === undefined ? missing : undefined}
													/>
													<Conditions preset={list.find((each) => each.id === draft.presetId)} draft={draft} onChange={set} isChecked={isChecked} />
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
															value={draft.typeId}
															onChange={(typeId) => set({ typeId, ticked: [] })}
															error={type ? undefined : missing}
														/>
													</div>
													{type && (
														<>
															<CheckboxGroup
																label="Claims"
																options={type.fields.map((field) => ({ value: JSON.stringify(field.path), label: field.label }))}
																value={draft.ticked}
																onChange={(ticked) => set({ ticked })}
																error={missing}
															/>
															<RadioGroup label="Format" variant="cards" options={FORMATS} value={draft.format} onChange={(format) => set({ format })} />
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
													value={draft.chainId ?? (networkList[0] && String(networkList[0].chainId))}
													onChange={(chainId) => set({ chainId })}
												/>
												<TextField
													label="Contract"
													description="The collection’s address. They show the address that owns the token, and none of their other accounts."
													value={draft.contract}
													onChange={(contract) => set({ contract })}
													placeholder="0x"
													isMono
													maxLength={42}
													error={missing}
												/>
												<TextField
													label="Token number"
													isOptional
													description="Empty: any token of the collection."
													value={draft.tokenId}
													onChange={(tokenId) => set({ tokenId })}
													inputMode="numeric"
													isMono
													maxLength={78}
												/>
												<Select
													label="They owned it"
													description="Networks settle slowly: ten minutes are too few for some."
													options={BLOCK_AGES}
													value={draft.blockAge}
													onChange={(blockAge) => set({ blockAge })}
												/>
												<RadioGroup
													label="How it counts"
													variant="cards"
													options={STANDARD_OPTIONS}
													value={draft.standard}
													onChange={(standard) => set({ standard })}
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
											value={draft.dcql}
											onChange={(dcql) => set({ dcql })}
											rows={10}
											isMono
											error={missing}
										/>
									),
								},
							]}
						/>
					</Section>
					<Section title="How you ask">
						<Stack gap={5}>
							<div className="app-form">
								<TextField
									label="Reason"
									isOptional
									description="Why you ask. The other side reads it before they decide."
									value={draft.reason}
									onChange={(reason) => set({ reason })}
									maxLength={120}
								/>
								<Select label="Wait for" options={EXPIRY} value={draft.expiresInMinutes} onChange={(expiresInMinutes) => set({ expiresInMinutes })} />
							</div>
							<div className="app-narrow">
								<Select
									label="Ask as"
									description="With a DID, the request is signed and the other side can tell who asks."
									options={[
										{ value: BY_ADDRESS, label: 'This service’s address', description: 'Not signed. Many wallets warn about it.' },
										...(dids.status === 'ready' ? dids.value.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did })) : []),
									]}
									value={draft.identity}
									onChange={(identity) => set({ identity })}
									error={missing === MISSING_IDENTITY ? missing : undefined}
								/>
							</div>
							<Switch
								isSelected={draft.encrypted}
								onChange={(encrypted) => set({ encrypted })}
								description="Only this wallet can read it, even where the connection passes through others."
							>
								Encrypt the answer
							</Switch>
						</Stack>
					</Section>
					<Problem title="The request was not prepared" error={prepare.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isPending={prepare.pending}>
							Continue
						</Button>
					</Inline>
				</Stack>
			</form>
		</Screen>
	);
}

interface ConditionsProps {
	readonly preset: Preset | undefined;
	readonly draft: Draft;
	readonly isChecked: boolean;
	readonly onChange: (change: Partial<Draft>) => void;
}

/** What a proof can show besides: that the document is not revoked, and that its holder comes for the first time. */
function Conditions({ preset, draft, isChecked, onChange }: ConditionsProps): ReactElement | null {
	if (!preset?.can.refuseRevoked && !preset?.can.askOnce) return null;
	return (
		<Stack gap={4}>
			{preset.can.refuseRevoked && (
				<Switch
					isSelected={draft.refusesRevoked}
					onChange={(refusesRevoked) => onChange({ refusesRevoked })}
					description="They prove it by their issuer’s list. Only documents from issuers with such a list can answer, and nothing else is accepted instead."
				>
					Refuse revoked documents
				</Switch>
			)}
			{preset.can.refuseRevoked && draft.refusesRevoked && (
				<div className="app-narrow">
					<Select
						label="The list may be at most"
						description="A younger list learns of a revocation sooner; an older one still works where somebody is offline."
						options={LIST_AGES}
						value={draft.listAge}
						onChange={(listAge) => onChange({ listAge })}
					/>
				</div>
			)}
			{preset.can.askOnce && (
				<Switch
					isSelected={draft.asksOnce}
					onChange={(asksOnce) => onChange({ asksOnce })}
					description="You can tell when the same holder comes again, but not who it is. Only wallets that can prove it can answer."
				>
					Accept each holder once
				</Switch>
			)}
			{preset.can.askOnce && draft.asksOnce && (
				<div className="app-narrow">
					<TextField
						label="Once for"
						description="The occasion, for example “Wine tasting 2026”. They read it. Under another name, everybody counts anew."
						value={draft.occasion}
						onChange={(occasion) => onChange({ occasion })}
						maxLength={120}
						error={isChecked && draft.occasion.trim() === '' ? MISSING_OCCASION : undefined}
					/>
				</div>
			)}
		</Stack>
	);
}

interface ReviewStepProps {
	readonly review: Review;
	readonly onEdit: () => void;
	readonly onDiscarded: () => void;
	readonly onApproved: (id: string) => void;
}

function ReviewStep({ review, onEdit, onDiscarded, onApproved }: ReviewStepProps): ReactElement {
	const approve = useAction('verify.approve');
	const discard = useAction('verify.discard');
	const json = JSON.stringify(review.dcql, null, 2);
	return (
		<Screen key="review" title="Review your request" lead="This is what the other side will read." back={{ label: 'Change', onNavigate: onEdit }}>
			<Stack gap={5}>
				{review.warnings.map((warning) => (
					<Banner key={warning} tone="caution">
						{warning}
					</Banner>
				))}
				<Panel variant="sheet">
					<Stack gap={4}>
						<Text tone="muted">You ask for</Text>
						<ul className="app-list">
							{review.asks.map((each) => (
								<li key={each}>{each}</li>
							))}
						</ul>
						<KeyValueList items={[{ id: 'as', label: 'You ask as', value: review.identifiedAs }]} />
						<Disclosure label="Details">
							<TextArea label="DCQL query" value={json} onChange={() => undefined} isReadOnly isMono rows={12} />
							<Button variant="quiet" size="small" onPress={() => void copyText(json)}>
								Copy query
							</Button>
						</Disclosure>
					</Stack>
				</Panel>
				<Problem title="The request was not made" error={approve.error} />
				<Problem error={discard.error} />
				<Inline justify="end">
					<Button
						isPending={discard.pending}
						onPress={() =>
							void discard.run({ id: review.id }).then((result) => {
								if (result.ok) onDiscarded();
							})
						}
					>
						Discard
					</Button>
					<Button
						variant="primary"
						isPending={approve.pending}
						onPress={() =>
							void approve.run({ id: review.id }).then((result) => {
								if (result.ok) onApproved(result.value.id);
							})
						}
					>
						Approve
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
