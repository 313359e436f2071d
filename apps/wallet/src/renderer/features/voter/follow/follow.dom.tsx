import type { DaoRef, FollowReview } from '@holdfast/contract';
import { Badge, Banner, Button, Disclosure, Inline, KeyValueList, Panel, Section, Select, Stack, Tabs, Text, TextField, useToast } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';

type Kind = 'snapshot' | 'contract';
type ContractSystem = Exclude<DaoRef['system'], 'snapshot'>;

const SYSTEMS = [
	{ value: 'governor', label: 'Governor (OpenZeppelin)', description: 'Most DAOs with votes on the chain' },
	{ value: 'bravo', label: 'Governor Bravo', description: 'Compound’s, Nouns’ and their relatives' },
	{ value: 'baal', label: 'Moloch v3 (Baal)', description: 'DAOs with shares' },
	{ value: 'safe', label: 'Safe', description: 'So many of its owners have to approve each transaction' },
] as const satisfies readonly { readonly value: ContractSystem; readonly label: string; readonly description: string }[];

interface Draft {
	readonly kind: Kind;
	readonly space: string;
	readonly hubUrl: string;
	readonly sequencerUrl: string;
	readonly gatewayUrl: string;
	readonly system: ContractSystem;
	readonly chainId: string | undefined;
	readonly contract: string;
	/** Of a Safe: its owners’ transaction service, or nothing. */
	readonly serviceUrl: string;
}

/** Snapshot’s own servers. Nothing is asked of them before the person presses the button below their names. */
const EMPTY: Draft = {
	kind: 'snapshot',
	space: '',
	hubUrl: 'https://hub.snapshot.org/graphql',
	sequencerUrl: 'https://seq.snapshot.org',
	gatewayUrl: 'https://ipfs.snapshot.box/ipfs/',
	system: 'governor',
	chainId: undefined,
	contract: '',
	serviceUrl: '',
};

const isEndpoint = (text: string): boolean => {
	const url = URL.parse(text.trim());
	return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)));
};

/** Where the draft points, or the field that is still missing. */
function refOf(draft: Draft): DaoRef | { readonly missing: keyof Draft } {
	if (draft.kind === 'snapshot') {
		const space = draft.space.trim().toLowerCase();
		if (!/^[a-z0-9.:_-]{3,128}$/.test(space)) return { missing: 'space' };
		for (const field of ['hubUrl', 'sequencerUrl', 'gatewayUrl'] as const) if (!isEndpoint(draft[field])) return { missing: field };
		return { system: 'snapshot', space, hubUrl: draft.hubUrl.trim(), sequencerUrl: draft.sequencerUrl.trim(), gatewayUrl: draft.gatewayUrl.trim() };
	}
	if (draft.chainId === undefined) return { missing: 'chainId' };
	if (!/^0x[0-9a-fA-F]{40}$/.test(draft.contract.trim())) return { missing: 'contract' };
	const { system } = draft;
	const place = { chainId: Number(draft.chainId), contract: draft.contract.trim() };
	if (system !== 'safe') return { system, ...place };
	const serviceUrl = draft.serviceUrl.trim();
	if (serviceUrl !== '' && !isEndpoint(serviceUrl)) return { missing: 'serviceUrl' };
	return { system, ...place, serviceUrl: serviceUrl === '' ? null : serviceUrl };
}

const hostOf = (text: string): string => URL.parse(text.trim())?.host ?? text;

/** From a DAO’s name or address to an account for it. */
export function FollowScreen(): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const [draft, setDraft] = useState(EMPTY);
	const [review, setReview] = useState<FollowReview>();
	if (review !== undefined) {
		return (
			<ReviewStep
				review={review}
				onBack={() => setReview(undefined)}
				onFollowed={(id) => {
					toast({ title: `You follow ${review.dao.name}` });
					go(paths.dao(id));
				}}
			/>
		);
	}
	return <FindStep draft={draft} onDraft={setDraft} onFound={setReview} />;
}

interface FindStepProps {
	readonly draft: Draft;
	readonly onDraft: (draft: Draft) => void;
	readonly onFound: (review: FollowReview) => void;
}

function FindStep({ draft, onDraft, onFound }: FindStepProps): ReactElement {
	const [, go] = useLocation();
	const networks = useQuery('networks.list', {}, ['networks']);
	const look = useAction('votes.look');
	const [isChecked, setChecked] = useState(false);
	const set = (change: Partial<Draft>) => {
		look.clear();
		onDraft({ ...draft, ...change });
	};
	const ref = refOf(draft);
	const missing = isChecked && 'missing' in ref ? ref.missing : undefined;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if ('missing' in ref || look.pending) return;
		const result = await look.run({ ref });
		if (result.ok) onFound(result.value);
	};
	const network = networks.status === 'ready' ? networks.value.find((each) => String(each.chainId) === draft.chainId) : undefined;
	const endpoint = (field: 'hubUrl' | 'sequencerUrl' | 'gatewayUrl', label: string, description: string) => (
		<TextField
			label={label}
			description={description}
			value={draft[field]}
			onChange={(value) => set({ [field]: value })}
			type="url"
			isMono
			maxLength={512}
			error={isEndpoint(draft[field]) ? undefined : 'Write a whole address, with https://. For a server on this computer, http:// works too.'}
		/>
	);
	return (
		<Screen
			key="find"
			title="Follow a DAO"
			lead="Holdfast reads what the DAO says about itself, and shows it before anything is kept."
			back={{ label: 'Votes', onNavigate: () => go(paths.votes) }}
		>
			<form onSubmit={(event) => void submit(event)} noValidate>
				<Stack gap={5}>
					<Tabs
						label="Where it votes"
						selected={draft.kind}
						onSelect={(kind) => {
							setChecked(false);
							set({ kind });
						}}
						items={[
							{
								id: 'snapshot',
								label: 'Snapshot space',
								content: (
									<div className="app-narrow">
										<Stack gap={4}>
											<TextField
												label="Space"
												description="Its name, as in the address of its page."
												value={draft.space}
												onChange={(space) => set({ space })}
												placeholder="name.eth"
												isMono
												autoFocus
												maxLength={128}
												error={missing === 'space' ? 'Write the space’s name, such as name.eth.' : undefined}
											/>
											<Disclosure label="Servers" isOpenAtFirst={missing === 'hubUrl' || missing === 'sequencerUrl' || missing === 'gatewayUrl'}>
												<Stack gap={4}>
													{endpoint('hubUrl', 'Hub', 'Proposals and votes are read from it (GraphQL).')}
													{endpoint('sequencerUrl', 'Sequencer', 'It takes votes.')}
													{endpoint('gatewayUrl', 'IPFS gateway', 'It gives what a proposal’s author signed.')}
												</Stack>
											</Disclosure>
											<Text size="sm" tone="muted">
												{hostOf(draft.hubUrl)} will see that somebody at your internet address looks at this space. It does not learn any account yet.
											</Text>
										</Stack>
									</div>
								),
							},
							{
								id: 'contract',
								label: 'Contract',
								content: (
									<div className="app-narrow">
										<Stack gap={4}>
											<Loaded query={networks} what="the networks">
												{(list) => (
													<Select
														label="Network"
														options={list.map((each) => ({ value: String(each.chainId), label: each.name, description: hostOf(each.rpcUrl) }))}
														value={draft.chainId}
														onChange={(chainId) => set({ chainId })}
														error={missing === 'chainId' ? 'Choose a network.' : undefined}
													/>
												)}
											</Loaded>
											<Select label="Kind" options={SYSTEMS} value={draft.system} onChange={(system) => set({ system })} />
											<TextField
												label="Contract"
												description="Take its address from a source that you trust, such as the DAO’s own website."
												value={draft.contract}
												onChange={(contract) => set({ contract })}
												placeholder="0x"
												isMono
												maxLength={42}
												error={missing === 'contract' ? 'An address is 0x and 40 hexadecimal digits.' : undefined}
											/>
											{draft.system === 'safe' && (
												<TextField
													label="Transaction service"
													isOptional
													description="Where its owners leave transactions for each other, up to /api. Without one you hand each other files."
													value={draft.serviceUrl}
													onChange={(serviceUrl) => set({ serviceUrl })}
													type="url"
													isMono
													maxLength={512}
													error={
														missing === 'serviceUrl' ? 'Write a whole address, with https://. For a server on this computer, http:// works too.' : undefined
													}
												/>
											)}
											{network && (
												<Text size="sm" tone="muted">
													{hostOf(network.rpcUrl)} will see that somebody at your internet address looks at this contract. It does not learn any account yet.
												</Text>
											)}
										</Stack>
									</div>
								),
							},
						]}
					/>
					<Problem title="The DAO was not found" error={look.error} />
					<Inline>
						<Button type="submit" variant="primary" isPending={look.pending}>
							Look it up
						</Button>
					</Inline>
				</Stack>
			</form>
		</Screen>
	);
}

interface ReviewStepProps {
	readonly review: FollowReview;
	readonly onBack: () => void;
	readonly onFollowed: (id: string) => void;
}

function ReviewStep({ review, onBack, onFollowed }: ReviewStepProps): ReactElement {
	const follow = useAction('votes.follow');
	const { dao } = review;
	return (
		<Screen key="review" title={dao.name} lead={dao.where} back={{ label: 'Change', onNavigate: onBack }}>
			<Stack gap={6}>
				<Section title="The account that Holdfast makes for it" description="It comes from your recovery phrase and is used nowhere else.">
					<Panel variant="sheet">
						<KeyValueList
							items={[
								{ id: 'account', label: 'Address', value: dao.account, kind: 'mono', onCopy: () => copyText(dao.account) },
								{ id: 'signs', label: 'Signs only', value: review.signs },
								{ id: 'power', label: 'Voting power', value: review.power },
							]}
						/>
					</Panel>
				</Section>
				<Section title="What hides your wallet, and what does not">
					<ul className="app-rows hf-list-reset" aria-label="Ways to voting power">
						{review.ways.map((way) => (
							<li key={way.name} className="app-row">
								<div className="app-row__words">
									<Inline>
										<strong>{way.name}</strong>
										<Badge tone={way.hidesWallet ? 'positive' : 'caution'}>{way.hidesWallet ? 'Can hide your wallet' : 'Only protects its key'}</Badge>
									</Inline>
									<Text size="sm" tone="muted">
										{way.words}
									</Text>
								</div>
							</li>
						))}
					</ul>
				</Section>
				<Section title="Who learns what">
					<ul className="app-list">
						{dao.learns.map((each) => (
							<li key={each}>{each}</li>
						))}
					</ul>
				</Section>
				<Section title="What the DAO says about itself">
					<KeyValueList items={review.facts.map(({ label, value }) => ({ id: label, label, value }))} />
				</Section>
				<Banner tone="info">Anybody can give a space or a contract any name. Make sure that this is the DAO you mean: {dao.where}.</Banner>
				<Problem title="The DAO is not followed" error={follow.error} />
				<Inline justify="end">
					<Button onPress={onBack}>Back</Button>
					<Button
						variant="primary"
						isPending={follow.pending}
						onPress={() =>
							void follow.run({ id: review.id }).then((result) => {
								if (result.ok) onFollowed(result.value.id);
							})
						}
					>
						Follow
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
