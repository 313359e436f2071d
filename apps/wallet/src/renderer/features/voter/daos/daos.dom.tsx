import type { Dao, VoteReview } from '@holdfast/contract';
import { Badge, Button, ConfirmDialog, EmptyState, IconAdd, IconVote, Inline, KeyValueList, Section, Stack, Switch, Text, useToast } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { ReviewStep } from '../review.dom.tsx';
import { PROPOSAL_STATES, timesWords } from '../states.ts';
import { SafeSection } from './safe.dom.tsx';
import { SessionKeySection } from './session-key.dom.tsx';

/** The DAOs that are followed. */
export function DaoList(): ReactElement {
	const [, go] = useLocation();
	const daos = useQuery('votes.daos', {}, ['daos']);
	return (
		<Loaded query={daos} what="your DAOs">
			{(list) =>
				list.length === 0 ? (
					<EmptyState
						icon={IconVote}
						title="You follow no DAO yet"
						action={
							<Button icon={IconAdd} onPress={() => go(paths.daoNew)}>
								Follow a DAO
							</Button>
						}
					>
						Give the name of a Snapshot space or the address of a contract. Holdfast makes an account for it that is used nowhere else.
					</EmptyState>
				) : (
					<ul className="app-rows hf-list-reset" aria-label="DAOs">
						{list.map((each) => (
							<li key={each.id} className="app-row">
								<div className="app-row__words">
									<strong>{each.name}</strong>
									<Text size="sm" tone="muted">
										{each.where}
									</Text>
								</div>
								<Button size="small" onPress={() => go(paths.dao(each.id))} aria-label={`Open ${each.name}`}>
									Open
								</Button>
							</li>
						))}
					</ul>
				)
			}
		</Loaded>
	);
}

function Proposals({ dao }: { readonly dao: Dao }): ReactElement {
	const [, go] = useLocation();
	const [isAll, setAll] = useState(false);
	const proposals = useQuery('votes.proposals', { daoId: dao.id, open: !isAll }, dao.system === 'safe' ? ['votes'] : []);
	return (
		<Section
			title="Proposals"
			actions={
				<Switch isSelected={isAll} onChange={setAll}>
					Show closed ones too
				</Switch>
			}
		>
			<Loaded query={proposals} what="the proposals">
				{(list) =>
					list.length === 0 ? (
						<EmptyState
							icon={IconVote}
							title={isAll ? 'No proposals' : 'Nothing to vote on now'}
							action={
								<Button size="small" onPress={proposals.reload}>
									Look again
								</Button>
							}
						/>
					) : (
						<ul className="app-rows hf-list-reset" aria-label="Proposals">
							{list.map((each) => (
								<li key={each.id} className="app-row">
									<div className="app-row__words">
										<Inline>
											<strong>{each.title}</strong>
											<Badge tone={PROPOSAL_STATES[each.state].tone}>{PROPOSAL_STATES[each.state].word}</Badge>
										</Inline>
										<Text size="sm" tone="muted">
											{timesWords(each)}
										</Text>
									</div>
									<Button size="small" onPress={() => go(paths.proposal(dao.id, each.id))} aria-label={`Read: ${each.title}`}>
										Read
									</Button>
								</li>
							))}
						</ul>
					)
				}
			</Loaded>
		</Section>
	);
}

/** Tokens count only once they are delegated, to oneself too, and before a vote begins. */
function Activation({ dao, onReview }: { readonly dao: Dao; readonly onReview: (review: VoteReview) => void }): ReactElement {
	const prepare = useAction('votes.prepareActivation');
	const start = async () => {
		const result = await prepare.run({ daoId: dao.id });
		if (result.ok) onReview(result.value);
	};
	return (
		<Stack gap={3}>
			<Text size="sm" tone="muted">
				Tokens in this account usually count only after they were activated, once, before a vote begins.
			</Text>
			<Inline>
				<Button isPending={prepare.pending} onPress={() => void start()}>
					Activate its voting power
				</Button>
			</Inline>
			<Problem title="The activation was not prepared" error={prepare.error} />
		</Stack>
	);
}

/** One DAO: what can be voted on, and the account that votes in it. */
export function DaoScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const daos = useQuery('votes.daos', {}, ['daos']);
	const unfollow = useAction('votes.unfollow');
	const [isLeaving, setLeaving] = useState(false);
	const [review, setReview] = useState<VoteReview>();
	const dao = daos.status === 'ready' ? daos.value.find((each) => each.id === id) : undefined;
	const leave = async () => {
		const result = await unfollow.run({ id });
		setLeaving(false);
		if (!result.ok) return;
		toast({ title: 'You no longer follow this DAO' });
		go(paths.votes);
	};
	if (review !== undefined)
		return <ReviewStep review={review} from={dao?.name ?? 'DAO'} onBack={() => setReview(undefined)} onDone={(vote) => go(paths.vote(vote.id))} />;
	return (
		<Screen title={dao?.name ?? 'DAO'} lead={dao?.where} back={{ label: 'Votes', onNavigate: () => go(paths.votes) }}>
			<Loaded query={daos} what="the DAO">
				{() =>
					dao === undefined ? (
						<EmptyState icon={IconVote} title="You do not follow this DAO" />
					) : (
						<Stack gap={6}>
							<Proposals dao={dao} />
							{dao.system === 'safe' && <SafeSection dao={dao} />}
							<Section
								title="Your account here"
								description="Made from your recovery phrase for this DAO alone. It signs nothing but what belongs to its votes."
							>
								<Stack gap={4}>
									<KeyValueList items={[{ id: 'account', label: 'Address', value: dao.account, kind: 'mono', onCopy: () => copyText(dao.account) }]} />
									<Stack gap={1}>
										<Text size="sm" tone="muted">
											Who learns what:
										</Text>
										<ul className="app-list">
											{dao.learns.map((each) => (
												<li key={each}>
													<Text as="span" size="sm">
														{each}
													</Text>
												</li>
											))}
										</ul>
									</Stack>
									{dao.system !== 'snapshot' && dao.system !== 'safe' && <Activation dao={dao} onReview={setReview} />}
									<Problem title="You still follow this DAO" error={unfollow.error} />
									<Inline>
										<Button onPress={() => setLeaving(true)}>Stop following</Button>
									</Inline>
								</Stack>
							</Section>
							{dao.system === 'snapshot' && <SessionKeySection daoId={dao.id} />}
							<ConfirmDialog
								isOpen={isLeaving}
								title="Stop following this DAO?"
								confirmLabel="Stop following"
								isPending={unfollow.pending}
								onConfirm={() => void leave()}
								onCancel={() => setLeaving(false)}
							>
								Your votes in it stay in this wallet. Follow it again and the same account is back.
							</ConfirmDialog>
						</Stack>
					)
				}
			</Loaded>
		</Screen>
	);
}
