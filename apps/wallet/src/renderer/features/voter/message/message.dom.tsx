import type { SafeMessage, VoteReview } from '@holdfast/contract';
import { Banner, Button, Inline, KeyValueList, Panel, Section, Stack, Text } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { ReviewStep } from '../review.dom.tsx';
import { Forget, LeaveSignature, Signers, WriteFile } from '../signers.dom.tsx';

interface SafeMessageScreenProps {
	readonly daoId: string;
	readonly messageId: string;
}

/** A vote on Snapshot in the name of a Safe: what it says, who has signed, and how it gets there. */
export function SafeMessageScreen({ daoId, messageId }: SafeMessageScreenProps): ReactElement {
	const [, go] = useLocation();
	const query = useQuery('safe.message', { daoId, messageId }, ['votes']);
	const [review, setReview] = useState<VoteReview>();
	const message = query.status === 'ready' ? query.value : undefined;
	if (review !== undefined) return <ReviewStep review={review} from="Vote of a Safe" onBack={() => setReview(undefined)} onDone={() => setReview(undefined)} />;
	return (
		<Screen
			key="read"
			title={message?.title ?? 'Vote of a Safe'}
			eyebrow={message?.safeName}
			lead={message?.sentence}
			back={{ label: 'Safe', onNavigate: () => go(paths.dao(daoId)) }}
		>
			<Stack gap={6}>
				<Loaded query={query} what="the Safe’s vote">
					{(value) => (
						<Stack gap={6}>
							<Section title="Owners who have signed" description="Each signature is held to its owner here, and by the Safe itself before the vote leaves.">
								<Stack gap={5}>
									<Signers state={value} />
									<Next daoId={daoId} message={value} onReview={setReview} />
								</Stack>
							</Section>
							<Section title="What they sign">
								<Stack gap={4}>
									<Panel variant="sheet">
										<KeyValueList
											items={value.lines.filter(({ label }) => label !== 'Signer').map(({ label, value: words }) => ({ id: label, label, value: words }))}
										/>
									</Panel>
									<Inline>
										<Button size="small" onPress={() => go(paths.proposal(value.spaceId, value.proposalId))}>
											Read the proposal
										</Button>
										{value.voteId !== null && (
											<Button size="small" onPress={() => go(paths.vote(value.voteId ?? ''))}>
												Show it among your votes
											</Button>
										)}
									</Inline>
								</Stack>
							</Section>
						</Stack>
					)}
				</Loaded>
				<Forget daoId={daoId} id={messageId} what="these signatures">
					They go from this wallet only. What was handed on stays good as long as Snapshot takes the vote.
				</Forget>
			</Stack>
		</Screen>
	);
}

interface NextProps {
	readonly daoId: string;
	readonly message: SafeMessage;
	readonly onReview: (review: VoteReview) => void;
}

/** What can be done with it now: signed, handed on, handed in. */
function Next({ daoId, message, onReview }: NextProps): ReactElement {
	const [, go] = useLocation();
	const prepare = useAction('safe.prepareMessage');
	const send = useAction('safe.sendMessage');
	const { id, over, waits, isOwner, own, taker, until, service } = message;
	const read = async () => {
		const result = await prepare.run({ daoId, messageId: id });
		if (result.ok) onReview(result.value);
	};
	const handIn = async () => {
		const result = await send.run({ daoId, messageId: id });
		if (result.ok) go(paths.vote(result.value.id));
	};
	if (over !== null) return <Banner tone="info">{over}</Banner>;
	return (
		<Stack gap={4}>
			{waits === null ? (
				<Banner tone="positive" title="Enough owners have signed">
					The Safe takes their signatures. Whoever hands the vote in, it counts once, as the Safe’s.
				</Banner>
			) : (
				<Banner tone="info">{waits}</Banner>
			)}
			{!isOwner && <Banner tone="caution">Your account for this Safe is not one of its owners, so it cannot sign.</Banner>}
			<Inline>
				{isOwner && !own && (
					<Button variant={waits === null ? undefined : 'primary'} isPending={prepare.pending} onPress={() => void read()}>
						Review and sign
					</Button>
				)}
				<WriteFile daoId={daoId} id={id} />
				{service !== null && own && <LeaveSignature daoId={daoId} id={id} service={service} />}
				{waits === null && (
					<Button variant="primary" isPending={send.pending} onPress={() => void handIn()}>
						{`Send to ${taker}`}
					</Button>
				)}
			</Inline>
			<Problem title="The review was not made" error={prepare.error} />
			<Problem title="The vote was not handed in" error={send.error} />
			<Text size="sm" tone="muted">
				Snapshot takes it until {formatMoment(until)}, and no longer than the vote is open. It is public once it was handed in.
			</Text>
		</Stack>
	);
}
