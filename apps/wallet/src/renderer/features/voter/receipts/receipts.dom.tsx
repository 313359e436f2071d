import type { Vote } from '@holdfast/contract';
import { Badge, Banner, Button, Disclosure, EmptyState, IconVote, Inline, KeyValueList, Panel, ReportTree, Section, Stack, Text, TextArea } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { CopyField, copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { voteState } from '../states.ts';

/** Votes that were signed in this wallet. */
export function VoteList(): ReactElement {
	const [, go] = useLocation();
	const votes = useQuery('votes.list', {}, ['votes', 'daos']);
	return (
		<Loaded query={votes} what="your votes">
			{(list) =>
				list.length === 0 ? (
					<EmptyState icon={IconVote} title="No votes yet">
						Votes that you sign are kept here, with the receipt of whoever took them.
					</EmptyState>
				) : (
					<ul className="app-rows hf-list-reset" aria-label="Your votes">
						{list.map((each) => {
							const { word, tone } = voteState(each);
							return (
								<li key={each.id} className="app-row">
									<div className="app-row__words">
										<Inline>
											<strong>{each.sentence}</strong>
											<Badge tone={tone}>{word}</Badge>
										</Inline>
										<Text size="sm" tone="muted">
											{each.daoName} · {formatMoment(each.at)}
										</Text>
									</div>
									<Button size="small" onPress={() => go(paths.vote(each.id))} aria-label={`Show vote: ${each.title}`}>
										Show
									</Button>
								</li>
							);
						})}
					</ul>
				)
			}
		</Loaded>
	);
}

const WORDS: {
	readonly [state in Vote['state']]: { readonly tone: 'positive' | 'info' | 'caution' | 'negative'; readonly title: string; readonly text: string };
} = {
	sent: { tone: 'positive', title: 'Your vote was taken', text: 'You have the receipt. Look later whether it was counted.' },
	signed: { tone: 'info', title: 'Your vote is signed', text: 'It counts once somebody hands it in.' },
	sending: { tone: 'caution', title: 'No answer was seen', text: 'It may or may not have been taken. Check whether it counted before you vote again.' },
	failed: { tone: 'negative', title: 'Your vote was not taken', text: 'The service refused it. Nothing is counted.' },
};

/** A vote in the name of a Safe waits for its owners. */
function OwnersOf({ vote: { safe, state } }: { readonly vote: Vote }): ReactElement | null {
	const [, go] = useLocation();
	if (safe === null || state === 'sent') return null;
	return (
		<Inline>
			<Button onPress={() => go(paths.safeMessage(safe.daoId, safe.messageId))}>Show the owners’ signatures</Button>
		</Inline>
	);
}

/** One vote, with its receipt, and whether it counted. */
export function VoteScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const query = useQuery('votes.get', { id }, ['votes']);
	const check = useAction('votes.check');
	const vote = query.status === 'ready' ? query.value : undefined;
	return (
		<Screen title="Your vote" lead={vote?.sentence} back={{ label: 'Votes', onNavigate: () => go(paths.votes) }}>
			<Loaded query={query} what="your vote">
				{(value) => (
					<Stack gap={5}>
						{value.check === null ? (
							<Banner tone={WORDS[value.state].tone} title={WORDS[value.state].title} role="status">
								{WORDS[value.state].text}
							</Banner>
						) : (
							<Banner tone={voteState(value).tone} title={voteState(value).word} role="status">
								{value.check.words} Looked up {formatMoment(value.check.at)}.
							</Banner>
						)}
						{value.state !== 'failed' && (
							<Inline>
								<Button isPending={check.pending} onPress={() => void check.run({ id })}>
									Check that it counted
								</Button>
								<Text as="span" size="sm" tone="muted">
									Whoever answers learns that somebody asks about this vote.
								</Text>
							</Inline>
						)}
						<Problem title="It is not known whether the vote counted" error={check.error} />
						<OwnersOf vote={value} />
						{value.check && (
							<Disclosure label="What was checked">
								<ReportTree report={value.check.report} label="What was checked" />
							</Disclosure>
						)}
						<Panel variant="sheet">
							<KeyValueList
								items={[
									{ id: 'dao', label: 'DAO', value: value.daoName },
									{ id: 'proposal', label: 'Proposal', value: value.title },
									{ id: 'voter', label: 'Voter', value: value.voter, kind: 'mono', onCopy: () => copyText(value.voter) },
									{ id: 'at', label: 'Signed', value: formatMoment(value.at) },
								]}
							/>
						</Panel>
						{value.relay && (
							<Section
								title="Bring it onto the chain"
								description="Anybody can send this transaction, from any account: a relayer, a friend, another wallet of yours. Whoever sends it pays for it, and is seen to have sent it."
							>
								<Stack gap={4}>
									<CopyField label="Contract" value={value.relay.to} />
									<CopyField label="Call data" value={value.relay.data} description={`Chain ${value.relay.chainId}`} />
								</Stack>
							</Section>
						)}
						<CopyField label="Signature" value={value.signature} />
						<Disclosure label="Receipt">
							<Stack gap={3}>
								<Text size="sm" tone="muted">
									What was signed and what was answered. Keep a copy elsewhere if you want to prove it later.
								</Text>
								<TextArea label="Receipt as JSON" value={value.receipt} onChange={() => undefined} isReadOnly isMono rows={10} />
								<Inline>
									<Button size="small" onPress={() => void copyText(value.receipt)}>
										Copy receipt
									</Button>
								</Inline>
							</Stack>
						</Disclosure>
					</Stack>
				)}
			</Loaded>
		</Screen>
	);
}
