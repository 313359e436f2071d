import type { Batch, BatchItem } from '@holdfast/contract';
import {
	Badge,
	Banner,
	Button,
	ConfirmDialog,
	CredentialDocument,
	Dialog,
	EmptyState,
	IconIssue,
	Inline,
	KeyValueList,
	ProgressBar,
	Section,
	Stack,
	Text,
	TextField,
	type Tone,
	useToast,
	VerdictPanel,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { type Action, useAction, useProgress, useQuery } from '../../../shell/calls.dom.ts';
import { faceOfType } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { countOf, formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { claimItems, formatName } from '../../../shell/words.ts';
import { BatchApproval, isApproved } from './approval.dom.tsx';

const STATES: { readonly [state in Batch['state']]: { readonly word: string; readonly tone: Tone } } = {
	reading: { word: 'Being read', tone: 'info' },
	draft: { word: 'Not issued yet', tone: 'caution' },
	running: { word: 'Being issued', tone: 'info' },
	paused: { word: 'Paused', tone: 'caution' },
	done: { word: 'Issued', tone: 'positive' },
	cancelled: { word: 'Cancelled', tone: 'neutral' },
};

const stateOf = (batch: Batch) => (batch.interrupted ? { word: 'Cut off', tone: 'caution' as const } : STATES[batch.state]);
const count = (number: number): string => number.toLocaleString('en-GB');
const SHOWN = 50;

/** Every table that was brought in, newest first. */
export function Batches(): ReactElement {
	const [, go] = useLocation();
	const batches = useQuery('batch.list', {}, ['batches']);
	return (
		<Loaded query={batches} what="your tables">
			{(list) =>
				list.length === 0 ? (
					<EmptyState icon={IconIssue} title="No tables yet">
						Choose a kind of document under “New document” and press “From a table” to issue many at once.
					</EmptyState>
				) : (
					<ul className="app-rows hf-list-reset" aria-label="Tables">
						{list.map((batch) => (
							<li key={batch.id} className="app-row">
								<div className="app-row__words">
									<Inline>
										<strong>{batch.name}</strong>
										<Badge tone={stateOf(batch).tone}>{stateOf(batch).word}</Badge>
									</Inline>
									<Text size="sm" tone="muted">
										{batch.typeName}. {count(batch.counts.done)} of {count(batch.counts.done + batch.counts.waiting)} issued. {formatMoment(batch.createdAt)}
									</Text>
								</div>
								<Button size="small" onPress={() => go(paths.batch(batch.id))} aria-label={`Open table ${batch.name}`}>
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

/** One table: what is wrong with it, how far it is, and what came of it. */
export function BatchScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const batch = useQuery('batch.get', { id }, ['batches']);
	const title = batch.status === 'ready' ? `${batch.value.typeName} from ${batch.value.name}` : 'Table';
	return (
		<Screen title={title} back={{ label: 'Issue', onNavigate: () => go(paths.issue) }}>
			<Loaded query={batch} what="this table">
				{(value) => <BatchView batch={value} onChanged={batch.reload} />}
			</Loaded>
		</Screen>
	);
}

function BatchView({ batch, onChanged }: { readonly batch: Batch; readonly onChanged: () => void }): ReactElement {
	return (
		<Stack gap={6}>
			{batch.warnings.map((warning) => (
				<Banner key={warning} tone="caution">
					{warning}
				</Banner>
			))}
			{batch.state === 'draft' ? <Draft batch={batch} onChanged={onChanged} /> : <Progress batch={batch} onChanged={onChanged} />}
			<Section title="About this table">
				<KeyValueList
					items={[
						{ id: 'issuer', label: 'Signed by', value: batch.issuer.name },
						{ id: 'format', label: 'Format', value: formatName(batch.format) },
						{ id: 'valid', label: 'Valid for', value: countOf(batch.validDays, 'day') },
						...(batch.basis === null ? [] : [{ id: 'basis', label: 'Ground or consent', value: batch.basis }]),
						{ id: 'columns', label: 'Columns', value: batch.columns.map(({ name, use }) => `${name} → ${use}`).join(', ') },
					]}
				/>
			</Section>
		</Stack>
	);
}

function Draft({ batch, onChanged }: { readonly batch: Batch; readonly onChanged: () => void }): ReactElement {
	const [, go] = useLocation();
	const approve = useAction('batch.approve');
	const discard = useAction('batch.delete');
	const [asking, setAsking] = useState(false);
	const { wrong, waiting } = batch.counts;
	const verb = batch.delivery === 'offers' ? 'Make offers' : 'Sign documents';
	return (
		<Stack gap={6}>
			<VerdictPanel
				verdict={wrong === 0 ? 'passed' : 'warning'}
				title={wrong === 0 ? 'Every row is in order' : `${count(wrong)} ${wrong === 1 ? 'row needs' : 'rows need'} another look`}
				reason={`${count(waiting)} ${waiting === 1 ? 'row is' : 'rows are'} ready. Nothing was issued yet.`}
			/>
			{wrong > 0 && <WrongRows batch={batch} onChanged={onChanged} />}
			{waiting > 0 && <ReadyRows batch={batch} />}
			{batch.approval && <BatchApproval batch={batch} approval={batch.approval} onChanged={onChanged} />}
			<Problem title="Nothing was issued" error={approve.error ?? discard.error} />
			<Inline justify="end">
				<Button
					isPending={discard.pending}
					onPress={() =>
						void discard.run({ id: batch.id }).then((result) => {
							if (result.ok) go(paths.issue);
						})
					}
				>
					Throw away
				</Button>
				<Button variant="primary" isDisabled={waiting === 0 || !isApproved(batch)} onPress={() => setAsking(true)}>
					{verb}
				</Button>
			</Inline>
			<ConfirmDialog
				isOpen={asking}
				title={
					batch.delivery === 'offers'
						? `Offer ${count(waiting)} ${waiting === 1 ? 'document' : 'documents'}?`
						: `Sign ${count(waiting)} ${waiting === 1 ? 'document' : 'documents'}?`
				}
				confirmLabel={verb}
				isPending={approve.pending}
				onConfirm={() =>
					void approve.run({ id: batch.id, leaveOutWrong: true }).then((result) => {
						setAsking(false);
						if (result.ok) onChanged();
					})
				}
				onCancel={() => setAsking(false)}
			>
				{batch.issuer.name} signs one “{batch.typeName}” for each row that is in order.
				{wrong > 0 && ` ${count(wrong)} wrong ${wrong === 1 ? 'row is' : 'rows are'} left out.`}
			</ConfirmDialog>
		</Stack>
	);
}

function WrongRows({ batch, onChanged }: { readonly batch: Batch; readonly onChanged: () => void }): ReactElement {
	const rows = useQuery('batch.rows', { id: batch.id, state: 'wrong', limit: SHOWN }, ['batches']);
	const [mending, setMending] = useState<BatchItem>();
	const write = useExport(batch);
	return (
		<Section
			title="What is wrong"
			description="Mend it here, or in the file and bring it in again."
			actions={<Button onPress={() => write.run('problems')}>Save the list</Button>}
		>
			<Stack gap={4}>
				{write.problem}
				<Loaded query={rows} what="the rows">
					{(list) => (
						<ul className="app-rows hf-list-reset" aria-label="Wrong rows">
							{list.map((row) => (
								<li key={row.position} className="app-row">
									<div className="app-row__words">
										<strong>
											Line {row.position}
											{row.label && `: ${row.label}`}
										</strong>
										<ul className="app-list">
											{row.problems.map((problem) => (
												<li key={`${problem.columnName} ${problem.code}`}>
													<Text size="sm">
														{problem.columnName}: {problem.message} <span className="app-muted">{problem.mend}</span>
													</Text>
												</li>
											))}
										</ul>
									</div>
									{row.cells !== null && (
										<Button size="small" onPress={() => setMending(row)} aria-label={`Mend line ${row.position}`}>
											Mend
										</Button>
									)}
								</li>
							))}
						</ul>
					)}
				</Loaded>
				{batch.counts.wrong > SHOWN && (
					<Text size="sm" tone="muted">
						The first {SHOWN} of {count(batch.counts.wrong)}. Save the list to see all of them.
					</Text>
				)}
			</Stack>
			{mending && (
				<Mend
					key={mending.position}
					batch={batch}
					row={mending}
					onClose={() => {
						setMending(undefined);
						rows.reload();
						onChanged();
					}}
				/>
			)}
		</Section>
	);
}

function Mend({ batch, row, onClose }: { readonly batch: Batch; readonly row: BatchItem; readonly onClose: () => void }): ReactElement {
	const [cells, setCells] = useState<readonly string[]>(batch.columns.map((_, index) => row.cells?.[index] ?? ''));
	const [problems, setProblems] = useState(row.problems);
	const mend = useAction('batch.mend');
	const save = async () => {
		const result = await mend.run({ id: batch.id, position: row.position, cells: [...cells] });
		if (!result.ok) return;
		if (result.value.problems.length === 0) onClose();
		else setProblems(result.value.problems);
	};
	const others = problems.filter((problem) => problem.column === null);
	return (
		<Dialog
			isOpen
			onClose={onClose}
			title={`Line ${row.position}`}
			actions={
				<>
					<Button onPress={onClose}>Cancel</Button>
					<Button variant="primary" type="submit" form="mend-row" isPending={mend.pending}>
						Check again
					</Button>
				</>
			}
		>
			<form
				id="mend-row"
				onSubmit={(event) => {
					event.preventDefault();
					void save();
				}}
			>
				<Stack gap={4}>
					{batch.columns.map((column, index) => {
						const problem = problems.find((each) => each.column === index);
						return (
							<TextField
								// biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place; names may repeat
								key={index}
								label={column.name}
								description={column.use === column.name ? undefined : column.use}
								value={cells[index] ?? ''}
								onChange={(value) => setCells(cells.map((text, place) => (place === index ? value : text)))}
								error={problem ? `${problem.message} ${problem.mend}` : undefined}
							/>
						);
					})}
					{others.map((problem) => (
						<Banner key={problem.code} tone="negative">
							{problem.message} {problem.mend}
						</Banner>
					))}
					<Problem title="The row was not mended" error={mend.error} />
				</Stack>
			</form>
		</Dialog>
	);
}

function ReadyRows({ batch }: { readonly batch: Batch }): ReactElement {
	const rows = useQuery('batch.rows', { id: batch.id, state: 'waiting', limit: 5 }, ['batches']);
	const [position, setPosition] = useState<number>();
	return (
		<Section title="What will be issued" description="The first rows. Look at some before you go on.">
			<Loaded query={rows} what="the rows">
				{(list) => (
					<Stack gap={4}>
						<ul className="app-rows hf-list-reset" aria-label="Rows that are ready">
							{list.map((row) => (
								<li key={row.position} className="app-row">
									<div className="app-row__words">
										<strong>{row.label || `Line ${row.position}`}</strong>
										<Text size="sm" tone="muted">
											Line {row.position}
										</Text>
									</div>
									<Button size="small" variant="quiet" onPress={() => setPosition(row.position)} aria-label={`Show the document of line ${row.position}`}>
										Show document
									</Button>
								</li>
							))}
						</ul>
						{position !== undefined && <Preview batch={batch} position={position} onClose={() => setPosition(undefined)} />}
					</Stack>
				)}
			</Loaded>
		</Section>
	);
}

function Preview({ batch, position, onClose }: { readonly batch: Batch; readonly position: number; readonly onClose: () => void }): ReactElement {
	const preview = useQuery('batch.preview', { id: batch.id, position }, ['batches']);
	return (
		<Dialog isOpen onClose={onClose} title={`Document of line ${position}`} actions={<Button onPress={onClose}>Close</Button>}>
			<Loaded query={preview} what="this row">
				{({ appearance, lines }) => (
					<CredentialDocument {...faceOfType(appearance, batch.issuer.name, batch.typeId)}>
						<KeyValueList items={claimItems(lines)} />
					</CredentialDocument>
				)}
			</Loaded>
		</Dialog>
	);
}

function useExport(batch: Batch) {
	const action: Action<'batch.export'> = useAction('batch.export');
	const toast = useToast();
	const run = (what: 'links' | 'sheet' | 'credentials' | 'problems') =>
		void action.run({ id: batch.id, what }).then((result) => {
			if (result.ok && result.value.path !== null) toast({ title: 'The file was written', description: result.value.path, tone: 'positive' });
		});
	return { run, pending: action.pending, problem: <Problem title="The file was not written" error={action.error} /> };
}

function Progress({ batch, onChanged }: { readonly batch: Batch; readonly onChanged: () => void }): ReactElement {
	const [, go] = useLocation();
	const progress = useProgress(batch.id);
	const pause = useAction('batch.pause');
	const resume = useAction('batch.resume');
	const cancel = useAction('batch.cancel');
	const remove = useAction('batch.delete');
	const write = useExport(batch);
	const [asking, setAsking] = useState(false);
	const { done, waiting, leftOut } = batch.counts;
	const shown = Math.max(done, progress?.step === 'issuing' ? progress.done : 0);
	const isOver = batch.state === 'done' || batch.state === 'cancelled';
	const isRunning = batch.state === 'running' && !batch.interrupted;
	return (
		<Stack gap={5}>
			{isOver ? (
				<VerdictPanel
					verdict={batch.state === 'done' ? 'passed' : 'warning'}
					title={batch.state === 'done' ? 'Issued' : 'Cancelled'}
					reason={`${count(done)} ${done === 1 ? 'document was' : 'documents were'} ${batch.delivery === 'offers' ? 'offered' : 'signed'}.${leftOut > 0 ? ` ${count(leftOut)} wrong ${leftOut === 1 ? 'row was' : 'rows were'} left out.` : ''}${batch.state === 'cancelled' && waiting > 0 ? ` ${count(waiting)} were not issued.` : ''}`}
				/>
			) : (
				<Stack gap={3}>
					{batch.interrupted && (
						<Banner tone="caution" title="It was cut off">
							No row was issued twice and none is lost. Go on from where it stopped.
						</Banner>
					)}
					<ProgressBar
						label={isRunning ? 'Issuing' : 'Not going on'}
						value={shown}
						max={Math.max(1, done + waiting)}
						valueLabel={`${count(shown)} of ${count(done + waiting)}`}
					/>
				</Stack>
			)}
			<Problem error={pause.error ?? resume.error ?? cancel.error ?? remove.error} />
			{write.problem}
			<Inline justify="end">
				{isRunning && (
					<Button isPending={pause.pending} onPress={() => void pause.run({ id: batch.id }).then(onChanged)}>
						Pause
					</Button>
				)}
				{!isRunning && !isOver && (
					<Button variant="primary" isPending={resume.pending} onPress={() => void resume.run({ id: batch.id }).then(onChanged)}>
						Go on
					</Button>
				)}
				{!isOver && (
					<Button variant="quiet" onPress={() => setAsking(true)}>
						Cancel the rest
					</Button>
				)}
			</Inline>
			{isOver && done > 0 && (
				<Section title="Hand over" description="Whoever has a link can collect its document. Keep these files safe, and delete them when they are used.">
					<Inline>
						{batch.delivery === 'offers' ? (
							<>
								<Button variant="primary" isPending={write.pending} onPress={() => write.run('sheet')}>
									Save QR codes as PDF
								</Button>
								<Button isPending={write.pending} onPress={() => write.run('links')}>
									Save links for mail merge
								</Button>
							</>
						) : (
							<Button variant="primary" isPending={write.pending} onPress={() => write.run('credentials')}>
								Save signed documents
							</Button>
						)}
						{leftOut > 0 && <Button onPress={() => write.run('problems')}>Save what was wrong</Button>}
						<Button
							variant="quiet"
							isPending={remove.pending}
							onPress={() =>
								void remove.run({ id: batch.id }).then((result) => {
									if (result.ok) go(paths.issue);
								})
							}
						>
							Forget this table
						</Button>
					</Inline>
				</Section>
			)}
			<ConfirmDialog
				isOpen={asking}
				title="Cancel the rest?"
				confirmLabel="Cancel the rest"
				cancelLabel="Keep it"
				isDanger
				isPending={cancel.pending}
				onConfirm={() =>
					void cancel.run({ id: batch.id }).then(() => {
						setAsking(false);
						onChanged();
					})
				}
				onCancel={() => setAsking(false)}
			>
				What was issued stays issued. The other rows stay unissued.
			</ConfirmDialog>
		</Stack>
	);
}
