import type { Dao, Proposal, VoteReview } from '@holdfast/contract';
import {
	Badge,
	Banner,
	Button,
	CheckboxGroup,
	Disclosure,
	IconButton,
	IconDown,
	IconUp,
	Inline,
	KeyValueList,
	NumberField,
	Panel,
	RadioGroup,
	ReportTree,
	Section,
	Stack,
	Text,
	TextArea,
	VerdictPanel,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { ReviewStep } from '../review.dom.tsx';
import { PROPOSAL_STATES, timesWords } from '../states.ts';
import { type ChoiceDraft, choiceOf, emptyChoice, moved, shareOf } from './choice.ts';
import { Effects } from './effects.dom.tsx';
import { Prose } from './prose.dom.tsx';
import { SafePanel } from './safe.dom.tsx';

interface ProposalScreenProps {
	readonly daoId: string;
	readonly proposalId: string;
}

/** One proposal: what it would do, what it says, and the vote on it. */
export function ProposalScreen({ daoId, proposalId }: ProposalScreenProps): ReactElement {
	const [, go] = useLocation();
	const query = useQuery('votes.proposal', { daoId, proposalId });
	const daos = useQuery('votes.daos', {}, ['daos']);
	const followed = daos.status === 'ready' ? daos.value : [];
	const system = followed.find(({ id }) => id === daoId)?.system;
	const safes = system === 'snapshot' ? followed.filter((each) => each.system === 'safe') : [];
	const [review, setReview] = useState<VoteReview>();
	const [draft, setDraft] = useState<{ readonly choice: ChoiceDraft | undefined; readonly reason: string; readonly safeId?: string | undefined }>({
		choice: undefined,
		reason: '',
	});
	if (review !== undefined)
		return (
			<ReviewStep
				review={review}
				from="Proposal"
				onBack={() => setReview(undefined)}
				onDone={({ id, safe }) => go(safe ? paths.safeMessage(safe.daoId, safe.messageId) : paths.vote(id))}
			/>
		);
	const proposal = query.status === 'ready' ? query.value : undefined;
	return (
		<Screen
			key="read"
			title={proposal?.title ?? 'Proposal'}
			eyebrow={proposal?.daoName}
			lead={proposal && timesWords(proposal)}
			back={{ label: 'DAO', onNavigate: () => go(paths.dao(daoId)) }}
		>
			<Loaded query={query} what="the proposal">
				{(value) => (
					<Stack gap={6}>
						<Inline>
							<Badge tone={PROPOSAL_STATES[value.state].tone}>{PROPOSAL_STATES[value.state].word}</Badge>
							{value.secretUntilClose && <Badge tone="info">Choices stay secret until it closes</Badge>}
						</Inline>
						<Checked proposal={value} />
						<Effects proposal={value} />
						{system === 'safe' ? (
							<SafePanel daoId={daoId} proposalId={proposalId} isOpen={value.state === 'open'} />
						) : (
							<Section title="What its author writes" description="Their words, not checked by anybody. Pictures are left out.">
								<Panel variant="sheet">{value.body.length === 0 ? <Text tone="muted">They wrote nothing.</Text> : <Prose blocks={value.body} />}</Panel>
							</Section>
						)}
						<Vote
							proposal={value}
							choice={draft.choice ?? emptyChoice(value.options)}
							reason={draft.reason}
							onChoice={(choice) => setDraft({ ...draft, choice })}
							onReason={(reason) => setDraft({ ...draft, reason })}
							onReview={setReview}
							safes={value.secretUntilClose ? [] : safes}
							safeId={draft.safeId}
							onSafe={(safeId) => setDraft({ ...draft, safeId })}
						/>
					</Stack>
				)}
			</Loaded>
		</Screen>
	);
}

function Checked({ proposal }: { readonly proposal: Proposal }): ReactElement {
	const { report } = proposal;
	const verdict = report.result === 'passed' ? 'passed' : report.result === 'warning' ? 'warning' : 'failed';
	const titles = { passed: 'This is what its author signed', warning: 'Checked, with a caution', failed: 'Not checked' };
	return (
		<Stack gap={3}>
			{verdict === 'passed' ? null : (
				<VerdictPanel
					verdict={verdict}
					title={titles[verdict]}
					reason={(report.children ?? []).find(({ result }) => result !== 'passed')?.reason ?? report.reason}
				/>
			)}
			<Disclosure label="How Holdfast checked this proposal">
				<ReportTree report={report} label="How the proposal was checked" />
				<KeyValueList
					items={[
						{ id: 'author', label: 'Author', value: proposal.author, kind: 'mono', onCopy: () => copyText(proposal.author) },
						{ id: 'id', label: 'Proposal id', value: proposal.id, kind: 'mono', onCopy: () => copyText(proposal.id) },
					]}
				/>
			</Disclosure>
		</Stack>
	);
}

interface ChoiceProps {
	readonly proposal: Proposal;
	readonly choice: ChoiceDraft;
	readonly onChoice: (choice: ChoiceDraft) => void;
}

interface VoteProps extends ChoiceProps {
	readonly reason: string;
	readonly onReason: (reason: string) => void;
	readonly onReview: (review: VoteReview) => void;
	/** In whose name one can vote, besides one's own: Safes that are followed. */
	readonly safes: readonly Dao[];
	readonly safeId: string | undefined;
	readonly onSafe: (safeId: string | undefined) => void;
}

/** Stands for the account that was made for the space. */
const OWN = 'own';

function Vote({ proposal, choice, reason, onChoice, onReason, onReview, safes, safeId, onSafe }: VoteProps): ReactElement {
	const prepare = useAction('votes.prepare');
	const [isChecked, setChecked] = useState(false);
	const ready = choiceOf(proposal.voting, choice);
	// A Safe's owners approve, or do nothing.
	const isApproval = proposal.options.length === 1;
	if (proposal.obstacle !== null) {
		return (
			<Section title="Your vote">
				<Stack gap={4}>
					<Banner tone="caution">{proposal.obstacle}</Banner>
					{proposal.options.some(({ power }) => power !== null) && (
						<KeyValueList items={proposal.options.map(({ value, label, power }) => ({ id: String(value), label, value: power ?? '' }))} />
					)}
				</Stack>
			</Section>
		);
	}
	const submit = async () => {
		setChecked(true);
		if (ready === null || prepare.pending) return;
		const result = await prepare.run({ daoId: proposal.daoId, proposalId: proposal.id, choice: ready, reason, ...(safeId === undefined ? {} : { safeId }) });
		if (result.ok) onReview(result.value);
	};
	return (
		<Section title={isApproval ? 'Your approval' : 'Your vote'}>
			<Stack gap={5}>
				{safes.length > 0 && (
					<RadioGroup
						label="Vote as"
						options={[
							{ value: OWN, label: 'Your account here', description: 'The one that was made for this space, or its session key.' },
							...safes.map(({ id, name, where }) => ({ value: id, label: name, description: `${where}. Its owners sign the vote together.` })),
						]}
						value={safeId ?? OWN}
						onChange={(value) => onSafe(value === OWN ? undefined : value)}
					/>
				)}
				<Power key={safeId ?? OWN} proposal={proposal} safeId={safeId} />
				{proposal.counting !== null && <Banner tone="info">{proposal.counting}</Banner>}
				<ChoiceInput proposal={proposal} choice={choice} onChoice={onChoice} error={isChecked && ready === null ? 'Choose first.' : undefined} />
				{proposal.takesReason && (
					<div className="app-narrow">
						<TextArea
							label="Reason"
							isOptional
							description="Published with your vote, for everybody and for good."
							value={reason}
							onChange={onReason}
							rows={3}
							maxLength={2000}
						/>
					</div>
				)}
				<Problem title="The vote was not prepared" error={prepare.error} />
				<Inline justify="end">
					<Button variant="primary" isPending={prepare.pending} onPress={() => void submit()}>
						{isApproval ? 'Review approval' : 'Review vote'}
					</Button>
				</Inline>
			</Stack>
		</Section>
	);
}

/** The account's power, asked only when somebody wants to know: whoever answers learns the account. */
function Power({ proposal, safeId }: { readonly proposal: Proposal; readonly safeId: string | undefined }): ReactElement {
	const standing = useAction('votes.standing');
	const [found, setFound] = useState<{ readonly power: string | null; readonly voted: string | null; readonly obstacle: string | null }>();
	const look = async () => {
		const result = await standing.run({ daoId: proposal.daoId, proposalId: proposal.id, ...(safeId === undefined ? {} : { safeId }) });
		if (result.ok) setFound(result.value);
	};
	return (
		<Stack gap={3}>
			{found === undefined ? (
				<Inline>
					<Button size="small" isPending={standing.pending} onPress={() => void look()}>
						Look up your voting power
					</Button>
					<Text as="span" size="sm" tone="muted">
						Whoever answers learns the address that you vote with.
					</Text>
				</Inline>
			) : (
				<KeyValueList
					items={[
						{ id: 'power', label: 'Your voting power', value: found.power ?? 'Not told before the vote' },
						{ id: 'voted', label: 'Your vote so far', value: found.voted ?? 'None' },
					]}
				/>
			)}
			{found?.obstacle && <Banner tone="caution">{found.obstacle}</Banner>}
			<Problem title="Your voting power is not known" error={standing.error} />
		</Stack>
	);
}

function ChoiceInput({ proposal, choice, onChoice, error }: ChoiceProps & { readonly error: string | undefined }): ReactElement {
	const options = proposal.options.map(({ value, label, power }) => ({
		value: String(value),
		label,
		description: power === null ? undefined : `${power} so far`,
	}));
	switch (proposal.voting) {
		case 'one':
			return (
				<RadioGroup
					label="Your choice"
					variant="cards"
					options={options}
					value={choice.one === undefined ? undefined : String(choice.one)}
					onChange={(value) => onChoice({ ...choice, one: Number(value) })}
					error={error}
				/>
			);
		case 'several':
			return (
				<CheckboxGroup
					label="Everything that you approve of"
					variant="cards"
					options={options}
					value={choice.several.map(String)}
					onChange={(values) => onChoice({ ...choice, several: values.map(Number) })}
					error={error}
				/>
			);
		case 'ranked':
			return <Ranking proposal={proposal} choice={choice} onChoice={onChoice} />;
		case 'weights':
			return (
				<Stack gap={3}>
					<Text>Divide your power: only the proportions count.</Text>
					{error && <Text tone="negative">{error}</Text>}
					<div className="app-form">
						{proposal.options.map(({ value, label }) => (
							<NumberField
								key={value}
								label={label}
								description={`${Number(shareOf(choice.weights, value).toFixed(1))}% of your power`}
								value={choice.weights[String(value)]}
								onChange={(weight) => onChoice({ ...choice, weights: { ...choice.weights, [value]: weight } })}
								min={0}
								max={1_000_000}
							/>
						))}
					</div>
				</Stack>
			);
	}
}

function Ranking({ proposal, choice, onChoice }: ChoiceProps): ReactElement {
	const labelOf = (value: number) => proposal.options.find((option) => option.value === value)?.label ?? String(value);
	const move = (index: number, by: 1 | -1) => onChoice({ ...choice, ranked: moved(choice.ranked, index, by) });
	return (
		<Stack gap={3}>
			<Text>Put the options in your order, the best first.</Text>
			<ol className="app-rows hf-list-reset" aria-label="Your order">
				{choice.ranked.map((value, index) => (
					<li key={value} className="app-row">
						<span className="app-row__words">
							{index + 1}. {labelOf(value)}
						</span>
						<Inline>
							<IconButton icon={IconUp} label={`Move up: ${labelOf(value)}`} isDisabled={index === 0} onPress={() => move(index, -1)} />
							<IconButton
								icon={IconDown}
								label={`Move down: ${labelOf(value)}`}
								isDisabled={index === choice.ranked.length - 1}
								onPress={() => move(index, 1)}
							/>
						</Inline>
					</li>
				))}
			</ol>
		</Stack>
	);
}
