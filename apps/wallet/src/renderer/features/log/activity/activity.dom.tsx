import type { Activity } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import {
	Badge,
	Button,
	EmptyState,
	type Icon,
	IconActivity,
	IconDelete,
	IconIdentity,
	IconIssue,
	IconLink,
	IconLock,
	IconNegative,
	IconPresent,
	IconReceive,
	IconSearch,
	IconVerify,
	IconVote,
	IconWarning,
	Inline,
	KeyValueList,
	PartyCard,
	ReportTree,
	Section,
	Select,
	Stack,
	Text,
	Timeline,
	type Tone,
} from '@holdfast/ui';
import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { call, listen } from '../../../shell/bridge.dom.ts';
import { useQuery } from '../../../shell/calls.dom.ts';
import { partyCard } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatClock, formatMoment, listOf } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { groupByDay } from './groups.ts';

type Kind = Activity['kind'];

const KINDS: { readonly [kind in Kind]: { readonly word: string; readonly icon: Icon } } = {
	received: { word: 'Received', icon: IconReceive },
	presented: { word: 'Shown', icon: IconPresent },
	refused: { word: 'Refused', icon: IconNegative },
	offered: { word: 'Offered', icon: IconLink },
	issued: { word: 'Issued', icon: IconIssue },
	requested: { word: 'Asked for', icon: IconSearch },
	verified: { word: 'Verified', icon: IconVerify },
	deleted: { word: 'Deleted', icon: IconDelete },
	identity: { word: 'Identities', icon: IconIdentity },
	security: { word: 'Security', icon: IconLock },
	voted: { word: 'Voted', icon: IconVote },
	interrupted: { word: 'Interrupted', icon: IconWarning },
};

const OUTCOMES: { readonly [outcome in Activity['outcome']]: { readonly word: string; readonly tone: Tone } } = {
	done: { word: 'Done', tone: 'positive' },
	refused: { word: 'Refused', tone: 'neutral' },
	failed: { word: 'Failed', tone: 'negative' },
	interrupted: { word: 'Interrupted', tone: 'caution' },
};

const FILTERS = [{ value: 'all' as const, label: 'Everything' }, ...(Object.keys(KINDS) as Kind[]).map((value) => ({ value, label: KINDS[value].word }))];

const PAGE = 50;

interface Pages {
	readonly entries: readonly Activity[];
	readonly isEnd: boolean;
	readonly status: 'loading' | 'ready' | 'failed';
	readonly error: ErrorInfo | undefined;
}

const NO_PAGES: Pages = { entries: [], isEnd: false, status: 'loading', error: undefined };

/** The log in pages, newest first; read anew from the top when something was added. */
function useLog(kind: Kind | undefined): Pages & { readonly more: () => void; readonly reload: () => void } {
	const [pages, setPages] = useState<Pages>(NO_PAGES);
	const latest = useRef(0);
	const read = useCallback(
		async (before: Activity | undefined) => {
			latest.current += 1;
			const mine = latest.current;
			const result = await call('activity.list', {
				limit: PAGE,
				...(kind === undefined ? {} : { kind }),
				...(before === undefined ? {} : { before: before.at }),
			});
			if (mine !== latest.current) return;
			setPages((old) => {
				if (!result.ok) return { ...old, status: 'failed', error: result.error };
				const known = before === undefined ? [] : old.entries;
				const fresh = result.value.filter((entry) => !known.some((each) => each.id === entry.id));
				return { entries: [...known, ...fresh], isEnd: result.value.length < PAGE, status: 'ready', error: undefined };
			});
		},
		[kind],
	);
	useEffect(() => {
		setPages(NO_PAGES);
		void read(undefined);
		return listen('data.changed', ({ area }) => {
			if (area === 'activity') void read(undefined);
		});
	}, [read]);
	return { ...pages, more: () => void read(pages.entries.at(-1)), reload: () => void read(undefined) };
}

const detailOf = (entry: Activity): string | undefined =>
	entry.shared.length > 0 ? `${entry.kind === 'presented' ? 'They learned' : 'Concerned'}: ${listOf(entry.shared)}` : (entry.detail ?? entry.party?.name);

/** Everything that happened, and what left the wallet. */
export function ActivityScreen(): ReactElement {
	const [, go] = useLocation();
	const [filter, setFilter] = useState<Kind | 'all'>('all');
	const log = useLog(filter === 'all' ? undefined : filter);
	return (
		<Screen title="Activity" lead="What you received, showed, issued and checked. It stays in this wallet.">
			<Stack gap={5}>
				<div className="app-narrow">
					<Select label="Show" options={FILTERS} value={filter} onChange={setFilter} />
				</div>
				<Problem title="Holdfast could not read the log" error={log.error} onRetry={log.reload} />
				<div aria-busy={log.status === 'loading'}>
					{log.status === 'ready' && log.entries.length === 0 ? (
						<EmptyState icon={IconActivity} title={filter === 'all' ? 'Nothing happened yet' : 'Nothing of this kind'}>
							Every document you receive or show, and every request, is written down here.
						</EmptyState>
					) : (
						<Timeline
							groups={groupByDay(log.entries, Date.now()).map((group) => ({
								id: group.label,
								label: group.label,
								rows: group.entries.map((entry) => ({
									id: entry.id,
									icon: KINDS[entry.kind].icon,
									tone: entry.outcome === 'done' ? 'neutral' : OUTCOMES[entry.outcome].tone,
									title: entry.title,
									detail: detailOf(entry),
									time: formatClock(entry.at),
									dateTime: new Date(entry.at).toISOString(),
									end: entry.outcome === 'done' ? undefined : <Badge tone={OUTCOMES[entry.outcome].tone}>{OUTCOMES[entry.outcome].word}</Badge>,
									onPress: () => go(paths.activityEntry(entry.id)),
								})),
							}))}
						/>
					)}
				</div>
				{log.status === 'ready' && !log.isEnd && (
					<Inline justify="center">
						<Button onPress={log.more}>Show older entries</Button>
					</Inline>
				)}
			</Stack>
		</Screen>
	);
}

/** One entry of the log. */
export function ActivityEntryScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const entry = useQuery('activity.get', { id });
	return (
		<Screen title={entry.status === 'ready' ? entry.value.title : 'Activity'} back={{ label: 'Activity', onNavigate: () => go(paths.activity) }}>
			<Loaded query={entry} what="this entry">
				{(value) => <Entry entry={value} />}
			</Loaded>
		</Screen>
	);
}

const ROLES: { readonly [kind in Kind]?: string } = {
	received: 'Issued by',
	presented: 'Shown to',
	refused: 'Asked',
	issued: 'Collected by',
	verified: 'Issued by',
};

function Entry({ entry }: { readonly entry: Activity }): ReactElement {
	return (
		<Stack gap={6}>
			<KeyValueList
				items={[
					{ id: 'when', label: 'When', value: formatMoment(entry.at) },
					{ id: 'kind', label: 'What', value: KINDS[entry.kind].word },
					{ id: 'outcome', label: 'Outcome', value: OUTCOMES[entry.outcome].word },
					...(entry.detail === null ? [] : [{ id: 'detail', label: 'Detail', value: entry.detail }]),
				]}
			/>
			{(entry.kind === 'presented' || entry.shared.length > 0) && (
				<Section title={entry.kind === 'presented' ? 'What they learned' : 'What it was about'}>
					{entry.shared.length === 0 ? (
						<Text tone="muted">Nothing left the wallet.</Text>
					) : (
						<ul className="app-list">
							{entry.shared.map((each) => (
								<li key={each}>{each}</li>
							))}
						</ul>
					)}
				</Section>
			)}
			{entry.party && <PartyCard {...partyCard(entry.party, ROLES[entry.kind] ?? 'With')} />}
			{entry.report && (
				<Section title="What was checked">
					<ReportTree report={entry.report} />
				</Section>
			)}
		</Stack>
	);
}
