import type { CallOutput, Verification } from '@holdfast/contract';
import {
	Banner,
	Button,
	Disclosure,
	Inline,
	KeyValueList,
	Panel,
	RadioGroup,
	Section,
	Select,
	Stack,
	Switch,
	Text,
	TextArea,
	TextField,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { MISSING_IDENTITY, NOTHING, useRequestOf, type What, WhatToSee } from './what.dom.tsx';

type Review = CallOutput<'verify.prepare'>;

interface Draft extends What {
	/** Why it is asked, in the verifier's words. */
	readonly reason: string;
	/** `address` for the response address alone, else a DID. */
	readonly identity: string;
	readonly encrypted: boolean;
	readonly channel: Verification['channel'];
	readonly expiresInMinutes: '5' | '15' | '60' | '1440';
}

const EXPIRY = [
	{ value: '5', label: '5 minutes' },
	{ value: '15', label: '15 minutes' },
	{ value: '60', label: '1 hour' },
	{ value: '1440', label: '1 day' },
] as const;

const BY_ADDRESS = 'address';

/** Makes a request for somebody's documents. */
export function AskScreen(): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const [draft, setDraft] = useState<Draft>({
		...NOTHING,
		reason: '',
		identity: BY_ADDRESS,
		encrypted: true,
		channel: 'service',
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
	const dids = useQuery('dids.list', {}, ['dids']);
	const prepare = useAction('verify.prepare');
	const [isChecked, setChecked] = useState(false);
	const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
	const read = useRequestOf(draft, draft.identity !== BY_ADDRESS);
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
			channel: draft.channel,
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
						<WhatToSee what={draft} onChange={set} onKind={() => setChecked(false)} isChecked={isChecked} missing={missing} />
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
										{
											value: BY_ADDRESS,
											label: draft.channel === 'qr' ? 'Nobody: I am there myself' : 'This service’s address',
											description: 'Not signed. Many wallets warn about it.',
										},
										...(dids.status === 'ready' ? dids.value.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did })) : []),
									]}
									value={draft.identity}
									onChange={(identity) => set({ identity })}
									error={missing === MISSING_IDENTITY ? missing : undefined}
								/>
							</div>
							<RadioGroup
								label="They answer"
								variant="cards"
								options={[
									{ value: 'service', label: 'Over the network', description: 'Their wallet reaches this computer’s verifying service.' },
									{ value: 'qr', label: 'By QR codes', description: 'They are here: you scan their screen. Nothing passes over a network.' },
								]}
								value={draft.channel}
								onChange={(channel) => set({ channel })}
							/>
							<Switch
								isSelected={draft.encrypted}
								onChange={(encrypted) => set({ encrypted })}
								description="Only this wallet can read it, even where the connection passes through others, or somebody films the codes."
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
