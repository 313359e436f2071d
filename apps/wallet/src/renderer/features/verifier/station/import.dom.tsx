import type { PolicyReview } from '@holdfast/contract';
import { Banner, Button, FileDrop, Inline, OutsideText, PartyCard, Section, Select, Stack, Text, useToast } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { partyCard } from '../../../shell/faces.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';

/** Larger than any policy: such a file is not even read. */
const MOST_BYTES = 128 * 1024;

/** A policy that came as a file: chosen, read in words, then kept. */
export function PolicyImportScreen(): ReactElement {
	const [, go] = useLocation();
	const open = useAction('station.openPolicy');
	const [review, setReview] = useState<PolicyReview>();
	const [isTooLarge, setTooLarge] = useState(false);
	const take = async (file: File) => {
		setTooLarge(file.size > MOST_BYTES || file.size === 0);
		if (file.size > MOST_BYTES || file.size === 0) return;
		const result = await open.run({ text: await file.text() });
		if (result.ok) setReview(result.value);
	};
	const back = { label: 'Verify', onNavigate: () => go(paths.verify) };
	if (review) return <ReviewedPolicy review={review} back={back} onOther={() => setReview(undefined)} />;
	return (
		<Screen title="Import a policy" lead="A file with a station policy, signed by whoever made it. You read what it asks before it is kept." back={back}>
			<Stack gap={5}>
				<FileDrop label="Drop the file here" accept=".jwt,.txt,text/plain,application/jwt" onFile={(file) => void take(file)} isDisabled={open.pending} />
				{isTooLarge && (
					<Banner tone="negative" title="This file is not a policy" role="alert">
						It is empty, or larger than a policy can be. Choose another.
					</Banner>
				)}
				<Problem title="The policy was not opened" error={isTooLarge ? undefined : open.error} />
			</Stack>
		</Screen>
	);
}

interface ReviewedPolicyProps {
	readonly review: PolicyReview;
	readonly back: { readonly label: string; readonly onNavigate: () => void };
	readonly onOther: () => void;
}

const NOBODY = 'nobody';

function ReviewedPolicy({ review, back, onOther }: ReviewedPolicyProps): ReactElement {
	const toast = useToast();
	const dids = useQuery('dids.list', {}, ['dids']);
	const keep = useAction('station.keepPolicy');
	const [identity, setIdentity] = useState<string>();
	const [isChecked, setChecked] = useState(false);
	const chosen = identity ?? (review.needsIdentity ? undefined : NOBODY);
	const submit = async () => {
		setChecked(true);
		if (chosen === undefined || keep.pending) return;
		const result = await keep.run({ id: review.id, verifierDid: chosen === NOBODY ? null : chosen });
		if (!result.ok) return;
		toast({ title: 'Policy kept', tone: 'positive' });
		back.onNavigate();
	};
	const own = dids.status === 'ready' ? dids.value.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did })) : [];
	const nobody = { value: NOBODY, label: 'Nobody: the station is there to be seen', description: 'Not signed. Wallets warn about it.' };
	return (
		<Screen title="Review the policy" lead="This is what your station would ask of everybody who comes." back={back}>
			<Stack gap={6}>
				<PartyCard {...partyCard(review.signer, 'Signed by')} />
				{review.warnings.map((words) => (
					<Banner key={words} tone="caution" title={words} />
				))}
				<Section title={review.title}>
					<Stack gap={4}>
						<ul className="app-list">
							{review.asks.map((each) => (
								<li key={each}>{each}</li>
							))}
						</ul>
						{review.purpose !== null && <OutsideText>{`Reason: ${review.purpose}`}</OutsideText>}
					</Stack>
				</Section>
				<Section title="How the station asks">
					<Stack gap={4}>
						<ul className="app-list">
							{review.terms.map((each) => (
								<li key={each}>{each}</li>
							))}
						</ul>
						<Text size="sm" tone="muted">
							Signed {formatMoment(review.signedAt)}.
						</Text>
						<div className="app-narrow">
							<Select
								label="Ask as"
								description={
									review.needsIdentity
										? 'People are counted by one of your identities.'
										: 'With a DID, the request is signed and people’s wallets can tell who asks.'
								}
								options={review.needsIdentity ? own : [nobody, ...own]}
								value={chosen ?? ''}
								onChange={setIdentity}
								error={isChecked && chosen === undefined ? 'Choose one of your identities. You make them on the Identities screen.' : undefined}
							/>
						</div>
					</Stack>
				</Section>
				<Problem title="The policy was not kept" error={keep.error} />
				<Inline justify="end">
					<Button onPress={onOther}>Choose another file</Button>
					<Button variant="primary" isPending={keep.pending} onPress={() => void submit()}>
						Keep policy
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
