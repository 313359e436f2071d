import type { Proposal, ProposalReading } from '@holdfast/contract';
import { Banner, CopyButton, Disclosure, KeyValueList, Panel, Section, ShareBar, Stack, Text } from '@holdfast/ui';
import type { ReactElement } from 'react';
import { useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded } from '../../../shell/feedback.dom.tsx';

const TONES = { danger: 'negative', warning: 'caution', note: 'info' } as const;
const NOTHING = 'Nothing happens on the chain by itself. Somebody has to carry out what is decided.';

/** What a proposal would do on chain, above what its author says about it: only the calls are binding. And who decides. */
export function Effects({ proposal }: { readonly proposal: Proposal }): ReactElement {
	const reading = useQuery('votes.reading', { daoId: proposal.daoId, proposalId: proposal.id });
	return (
		<Loaded query={reading} what="what it would do">
			{(value) => (
				<Stack gap={6}>
					<Section title="What it would do" description="If it passes, this is what happens on the chain, whatever the text below says.">
						{proposal.calls.length === 0 ? (
							<Text>{NOTHING}</Text>
						) : (
							<Stack gap={4}>
								{value.flags.map(({ code, severity, message }) => (
									<Banner key={`${code} ${message}`} tone={TONES[severity]}>
										{message}
									</Banner>
								))}
								<Calls actions={value.actions} label="Calls" />
								{value.effects !== null && (
									<Stack gap={2}>
										<Text size="sm" tone="muted">
											Tried out on the state of now, without sending anything:
										</Text>
										{value.effects.length === 0 ? (
											<Text>No money would move.</Text>
										) : (
											<ul className="app-prose hf-list-reset">
												{value.effects.map((words) => (
													<li key={words}>{words}</li>
												))}
											</ul>
										)}
									</Stack>
								)}
							</Stack>
						)}
					</Section>
					{value.power !== null && value.power.voters > 0 && <Power power={value.power} />}
				</Stack>
			)}
		</Loaded>
	);
}

type Action = ProposalReading['actions'][number];

function Calls({ actions, label }: { readonly actions: readonly Action[]; readonly label: string }): ReactElement {
	return (
		<ol className="app-calls" aria-label={label}>
			{actions.map((action, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a call's place is its identity
				<li key={index}>
					<Stack gap={2}>
						<Text>{action.words}</Text>
						{action.described && <Described described={action.described} />}
						{action.inside.length > 0 && <Calls actions={action.inside} label={`Calls in call ${index + 1}`} />}
						<Disclosure label="The call itself">
							<Stack gap={2}>
								<p className="app-mono">
									{action.to} {action.signature ?? ''}
								</p>
								<p className="app-mono">{action.data}</p>
								<CopyButton label="Copy the call data" variant="words" onCopy={() => copyText(action.data)} />
							</Stack>
						</Disclosure>
					</Stack>
				</li>
			))}
		</ol>
	);
}

/** In the words of somebody else, beside what Holdfast reads by itself. */
function Described({ described }: { readonly described: NonNullable<Action['described']> }): ReactElement {
	return (
		<Panel variant="sheet">
			<Stack gap={3}>
				<Text size="sm" tone="muted">
					In the words of a file that you added, said to be from {described.owner}. Nobody checked them:
				</Text>
				<strong>{described.intent}</strong>
				{described.lines.length > 0 && <KeyValueList items={described.lines.map(({ label, value }, index) => ({ id: `${index}`, label, value }))} />}
			</Stack>
		</Panel>
	);
}

function Power({ power }: { readonly power: NonNullable<ProposalReading['power']> }): ReactElement {
	const whole = power.of === 'all' ? 'all votes there are' : 'the votes that were cast';
	return (
		<Section title="Who decides" description={`Shares are of ${whole}.`}>
			<Stack gap={4}>
				<div className="app-narrow">
					<Stack gap={4}>
						{power.quorum !== null && <ShareBar label="Quorum reached" share={power.quorum} />}
						<ShareBar label="The largest voter" share={power.top1} />
						<ShareBar label="The three largest" share={power.top3} />
						<ShareBar label="The ten largest" share={power.top10} />
						<ShareBar label="Your account here" share={power.own} />
					</Stack>
				</div>
				<Text>
					{power.nakamoto === null
						? `The ${power.voters === 1 ? 'one voter' : `${power.voters} voters`} so far do not have half of ${whole}.`
						: power.nakamoto === 1
							? `One of ${power.voters} ${power.voters === 1 ? 'voter' : 'voters'} has more than half of ${whole}, and decides alone.`
							: `${power.nakamoto} of ${power.voters} voters together have more than half of ${whole}.`}
				</Text>
			</Stack>
		</Section>
	);
}
