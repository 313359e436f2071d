import type { OwnersCrowd, OwnersGroup } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import { Banner, Button, Disclosure, FileDrop, Inline, KeyValueList, ReportTree, Stack, TextArea } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { formatDay } from '../../../shell/format.ts';
import { Working } from '../review-sheet.dom.tsx';

/** What the person has given so far, and what this wallet made of it. */
export interface Known {
	readonly group: string;
	readonly statements: string;
	/** What is typed in the forms, which a review that is discarded comes back to. */
	readonly token: string;
	readonly purpose: string;
	readonly choice: string;
	/** Set where the statements came in a file, which may be too long to show. */
	readonly file?: string | undefined;
	readonly rebuilt?: { readonly group: OwnersGroup; readonly crowd: OwnersCrowd } | undefined;
}

export interface KnownProps {
	readonly known: Known;
	readonly onKnown: (known: Known) => void;
}

/** What a vault process takes, in characters. */
const MOST = 33_554_432;
const PASTED_MOST = 131_072;
/** Characters of a group's description: see the contract. */
const GROUP_MOST = 4096;

/** The line that describes a group. Another one makes what was rebuilt void. */
export function GroupField({ known, onKnown }: KnownProps): ReactElement {
	return (
		<TextArea
			label="Group"
			description="The line that whoever asks gave to everybody."
			value={known.group}
			onChange={(group) => onKnown({ ...known, group, rebuilt: undefined })}
			rows={4}
			isMono
			maxLength={GROUP_MOST}
		/>
	);
}

/** Takes a group and its statements, and rebuilds it by the user's own node. */
export function RebuildGroup({ known, onKnown }: KnownProps): ReactElement {
	const open = useAction('owners.open');
	const rebuild = useAction('owners.rebuild');
	const [running, setRunning] = useState<string>();
	const [unread, setUnread] = useState<ErrorInfo>();
	const isReady = known.group.trim() !== '' && known.statements.trim() !== '';
	const take = async (file: File) => {
		setUnread(undefined);
		if (file.size > MOST) {
			setUnread({ code: 'linked/too-large', message: 'This file is too large for a list of statements.', data: {} });
			return;
		}
		try {
			onKnown({ ...known, statements: await file.text(), file: file.name, rebuilt: undefined });
		} catch {
			setUnread({ code: 'app/file', message: 'The file could not be read. Choose it once more.', data: {} });
		}
	};
	const run = async () => {
		rebuild.clear();
		const opened = await open.run({ group: known.group.trim(), statements: known.statements });
		if (!opened.ok) return;
		setRunning(opened.value.id);
		const result = await rebuild.run({ id: opened.value.id });
		setRunning(undefined);
		if (result.ok) onKnown({ ...known, rebuilt: { group: opened.value, crowd: result.value } });
	};
	if (known.rebuilt) return <Crowd {...known.rebuilt} onChange={() => onKnown({ ...known, rebuilt: undefined })} />;
	return (
		<Stack gap={4}>
			<GroupField known={known} onKnown={onKnown} />
			{known.file === undefined ? (
				<>
					<TextArea
						label="Statements"
						description="The published list, one statement on each line. Everybody needs the same list."
						value={known.statements}
						onChange={(statements) => onKnown({ ...known, statements })}
						rows={4}
						isMono
						maxLength={PASTED_MOST}
					/>
					<FileDrop
						label="Or drop the list as a file here"
						accept=".jsonl,.json,.txt,text/plain,application/json"
						onFile={(file) => void take(file)}
						isDisabled={running !== undefined}
					/>
				</>
			) : (
				<Banner
					tone="neutral"
					title="Statements from a file"
					actions={
						<Button size="small" onPress={() => onKnown({ ...known, statements: '', file: undefined })}>
							Take another
						</Button>
					}
				>
					{known.file}
				</Banner>
			)}
			<Problem title="The file was not read" error={unread} />
			<Problem title="The group cannot be read" error={open.error} />
			<Problem title="The group was not rebuilt" error={rebuild.error} />
			{running === undefined ? (
				<Inline justify="end">
					<Button variant="primary" isDisabled={!isReady} isPending={open.pending} onPress={() => void run()}>
						Rebuild the group
					</Button>
				</Inline>
			) : (
				<Working id={running} label="Checking who owned a token" />
			)}
		</Stack>
	);
}

interface CrowdProps {
	readonly group: OwnersGroup;
	readonly crowd: OwnersCrowd;
	readonly onChange: () => void;
}

function Crowd({ group, crowd, onChange }: CrowdProps): ReactElement {
	const accounts = crowd.owners === 1 ? '1 account takes part' : `${crowd.owners} accounts take part`;
	return (
		<Stack gap={4}>
			{group.isOver && (
				<Banner tone="caution" title="This group has ended">
					What is chosen now does not count any more.
				</Banner>
			)}
			{crowd.isSmall && (
				<Banner tone="caution" title={accounts}>
					From 20 on it is called a crowd here. Among so few, who made a choice can be guessed.
				</Banner>
			)}
			<KeyValueList
				items={[
					{ id: 'collection', label: 'Collection', value: `${group.name} on ${group.network}` },
					{ id: 'block', label: 'Owners as of block', value: group.block, kind: 'mono' },
					{ id: 'ends', label: 'Ends', value: formatDay(group.endsAt) },
					{ id: 'crowd', label: 'Crowd', value: accounts },
					{ id: 'statements', label: 'Statements', value: `${crowd.counted} count, ${crowd.refused} do not` },
				]}
			/>
			<Disclosure label="What was checked">
				<ReportTree report={crowd.report} hideRoot />
			</Disclosure>
			<div>
				<Button size="small" onPress={onChange}>
					Use another group or list
				</Button>
			</div>
		</Stack>
	);
}
