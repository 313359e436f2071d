import type { CallInput, CallOutput, RegisterEntry } from '@holdfast/contract';
import {
	Badge,
	Banner,
	Button,
	Checkbox,
	ConfirmDialog,
	CopyButton,
	Dialog,
	Disclosure,
	EmptyState,
	IconIssue,
	Inline,
	KeyValueList,
	ProgressBar,
	Section,
	Select,
	Stack,
	Text,
	TextField,
	type Tone,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction, useProgress, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { countOf, formatMoment } from '../../../shell/format.ts';

type Filter = CallInput<'register.list'>['filter'];
type Act = CallInput<'register.prepare'>['action'];

const PAGE = 50;
const STATES: { readonly [state in RegisterEntry['state']]: { readonly word: string; readonly tone: Tone } } = {
	valid: { word: 'Valid', tone: 'positive' },
	suspended: { word: 'Suspended', tone: 'caution' },
	revoked: { word: 'Revoked', tone: 'negative' },
};
const STATE_OPTIONS = [
	{ value: 'all', label: 'In any state' },
	{ value: 'valid', label: 'Valid' },
	{ value: 'suspended', label: 'Suspended' },
	{ value: 'revoked', label: 'Revoked' },
] as const;
const ACTS: { readonly [act in Act]: { readonly verb: string; readonly question: string; readonly done: string } } = {
	revoke: { verb: 'Revoke', question: 'Revoke', done: 'revoked' },
	suspend: { verb: 'Suspend', question: 'Suspend', done: 'suspended' },
	reinstate: { verb: 'Reinstate', question: 'Reinstate', done: 'reinstated' },
};

/** Everything that was issued: look for it, withdraw it, take it along. */
export function Register(): ReactElement {
	const [text, setText] = useState('');
	const [state, setState] = useState<(typeof STATE_OPTIONS)[number]['value']>('all');
	const [typeId, setTypeId] = useState('all');
	const [page, setPage] = useState(0);
	const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
	const filter: Filter = {
		...(text.trim() === '' ? {} : { text: text.trim() }),
		...(state === 'all' ? {} : { state }),
		...(typeId === 'all' ? {} : { typeId }),
	};
	const types = useQuery('issue.types', {}, ['types']);
	const register = useQuery('register.list', { filter, limit: PAGE, offset: page * PAGE }, ['register', 'offers']);
	const write = useAction('register.export');
	const toast = useToast();
	const withdrawal = useWithdrawal(() => {
		setChosen(new Set());
		register.reload();
	});
	const narrow = (change: () => void) => {
		change();
		setPage(0);
		setChosen(new Set());
	};
	const isFiltered = Object.keys(filter).length > 0;
	const save = () =>
		void write.run({ filter }).then((result) => {
			if (result.ok && result.value.path !== null) toast({ title: 'The register was written', description: result.value.path, tone: 'positive' });
		});
	return (
		<Stack gap={5}>
			<div className="app-form">
				<TextField label="Search" type="search" value={text} onChange={(value) => narrow(() => setText(value))} maxLength={200} placeholder="A name" />
				<Select label="State" options={STATE_OPTIONS} value={state} onChange={(value) => narrow(() => setState(value))} />
				<Select
					label="Kind of document"
					options={[
						{ value: 'all', label: 'Any kind' },
						...(types.status === 'ready' ? types.value.map((type) => ({ value: type.id, label: type.name })) : []),
					]}
					value={typeId}
					onChange={(value) => narrow(() => setTypeId(value))}
				/>
			</div>
			<Problem title="The register was not written" error={write.error} />
			{withdrawal.problem}
			<Loaded query={register} what="the register">
				{({ entries, documents }) =>
					entries.length === 0 ? (
						<EmptyState icon={IconIssue} title={isFiltered ? 'Nothing fits' : 'Nothing issued yet'}>
							{isFiltered
								? 'Change what you look for.'
								: 'What holders collect from you is listed here. Holdfast keeps a line about each document, not the document.'}
						</EmptyState>
					) : (
						<Stack gap={4}>
							<Inline justify="between">
								<Text size="sm" tone="muted">
									{countOf(documents, 'document')}
								</Text>
								<Inline>
									{(['suspend', 'reinstate', 'revoke'] as const).map((act) => (
										<Button key={act} size="small" isDisabled={chosen.size === 0} onPress={() => void withdrawal.ask(act, [...chosen])}>
											{ACTS[act].verb}
										</Button>
									))}
									<Button size="small" isPending={write.pending} onPress={save}>
										Save as CSV
									</Button>
								</Inline>
							</Inline>
							<ul className="app-rows hf-list-reset" aria-label="Issued documents">
								{entries.map((entry) => (
									<li key={entry.id} className="app-row">
										<Checkbox
											isSelected={chosen.has(entry.id)}
											isDisabled={!entry.canBeWithdrawn}
											onChange={(isSelected) => {
												const next = new Set(chosen);
												if (isSelected) next.add(entry.id);
												else next.delete(entry.id);
												setChosen(next);
											}}
										>
											<Inline>
												<strong>{entry.subtitle || entry.typeName}</strong>
												<Badge tone={STATES[entry.state].tone}>{STATES[entry.state].word}</Badge>
											</Inline>
										</Checkbox>
										<Text size="sm" tone="muted">
											{entry.typeName}, {countOf(entry.copies, 'copy', 'copies')}. Issued {formatMoment(entry.issuedAt)}
											{entry.validUntil !== null && `, valid until ${formatMoment(entry.validUntil)}`}
											{entry.changedAt !== null && `. ${STATES[entry.state].word} since ${formatMoment(entry.changedAt)}`}
											{entry.basis !== null && `. Ground or consent: ${entry.basis}`}
											{!entry.canBeWithdrawn && '. Issued without a status: it cannot be withdrawn.'}
										</Text>
									</li>
								))}
							</ul>
							{documents > PAGE && (
								<Inline justify="end">
									<Button size="small" isDisabled={page === 0} onPress={() => setPage(page - 1)}>
										Newer
									</Button>
									<Text size="sm" tone="muted">
										{page * PAGE + 1}–{Math.min(documents, (page + 1) * PAGE)}
									</Text>
									<Button size="small" isDisabled={(page + 1) * PAGE >= documents} onPress={() => setPage(page + 1)}>
										Older
									</Button>
								</Inline>
							)}
							{isFiltered && documents > entries.length && (
								<Inline>
									<Button size="small" variant="quiet" onPress={() => void withdrawal.ask('suspend', filter)}>
										Suspend all that fit
									</Button>
									<Button size="small" variant="quiet" onPress={() => void withdrawal.ask('revoke', filter)}>
										Revoke all that fit
									</Button>
								</Inline>
							)}
						</Stack>
					)
				}
			</Loaded>
			{withdrawal.dialog}
			<Disclosure label="Where others see what was withdrawn">
				<StatusLists />
			</Disclosure>
		</Stack>
	);
}

/** Asks what would be withdrawn, shows it, and does it. */
function useWithdrawal(onDone: () => void) {
	const prepare = useAction('register.prepare');
	const approve = useAction('register.approve');
	const discard = useAction('register.discard');
	const [review, setReview] = useState<CallOutput<'register.prepare'>>();
	const toast = useToast();
	const progress = useProgress(review?.id);
	const ask = async (action: Act, documents: string[] | Filter) => {
		const result = await prepare.run({ action, documents });
		if (result.ok) setReview(result.value);
	};
	const confirm = async () => {
		if (!review) return;
		const result = await approve.run({ id: review.id });
		setReview(undefined);
		if (!result.ok) return;
		const { documents, published, problem } = result.value;
		toast({
			title: `${countOf(documents, 'document')} ${ACTS[review.action].done}`,
			description: problem ?? (published ? 'Others see it as soon as they fetch your list again.' : 'Publish your status lists, so that others see it.'),
			tone: problem === null && published ? 'positive' : 'caution',
		});
		onDone();
	};
	const act = review && ACTS[review.action];
	const dialog = review && act && (
		<ConfirmDialog
			isOpen
			title={`${act.question} ${countOf(review.documents, 'document')}?`}
			confirmLabel={`${act.verb} ${countOf(review.documents, 'document')}`}
			isDanger={review.action !== 'reinstate'}
			isPending={approve.pending}
			pendingLabel="Signing your list…"
			onConfirm={() => void confirm()}
			onCancel={() => {
				void discard.run({ id: review.id });
				setReview(undefined);
			}}
		>
			<Stack gap={3}>
				<ul className="app-list">
					{review.examples.map((words) => (
						<li key={words}>{words}</li>
					))}
					{review.documents > review.examples.length && <li>and {countOf(review.documents - review.examples.length, 'more document')}</li>}
				</ul>
				{review.warnings.map((warning) => (
					<p key={warning}>{warning}</p>
				))}
				{approve.pending && progress && <ProgressBar label="Changing entries" value={progress.done} max={progress.of} />}
			</Stack>
		</ConfirmDialog>
	);
	return { ask, dialog, problem: <Problem title="Nothing was changed" error={prepare.error ?? approve.error} /> };
}

/** The signed lists in which others look up what was withdrawn. */
function StatusLists(): ReactElement {
	const lists = useQuery('status.lists', {}, ['register']);
	const place = useQuery('status.place', {}, ['register', 'services']);
	const publish = useAction('status.publish');
	const set = useAction('status.setPlace');
	const [asking, setAsking] = useState(false);
	return (
		<Stack gap={5}>
			<Section title="Status lists" description="A list says by number which documents are withdrawn. It names nobody.">
				<Stack gap={4}>
					<Loaded query={place} what="where lists are published">
						{(value) => (
							<KeyValueList
								items={
									value.kind === 'folder'
										? [
												{ id: 'url', label: 'Found at', value: value.baseUrl, kind: 'mono' },
												{ id: 'folder', label: 'Written to', value: value.folder, kind: 'mono' },
											]
										: [
												{
													id: 'url',
													label: 'Found at',
													value: value.url ?? 'Nowhere, until the issuing service has an address',
													kind: value.url === null ? 'text' : 'mono',
												},
											]
								}
							/>
						)}
					</Loaded>
					<Problem title="It was not changed" error={set.error ?? publish.error} />
					<Inline>
						<Button size="small" onPress={() => setAsking(true)}>
							Publish in a folder
						</Button>
						<Button size="small" isPending={set.pending} onPress={() => void set.run({ kind: 'service' }).then(place.reload)}>
							Use the issuing service
						</Button>
						<Button size="small" isPending={publish.pending} onPress={() => void publish.run({}).then(lists.reload)}>
							Publish now
						</Button>
					</Inline>
					<Loaded query={lists} what="your status lists">
						{(list) => (
							<ul className="app-rows hf-list-reset" aria-label="Status lists">
								{list.map((each) => (
									<li key={each.id} className="app-row">
										<div className="app-row__words">
											<span className="app-mono">{each.uri}</span>
											<Text size="sm" tone="muted">
												{countOf(each.withdrawn, 'document')} withdrawn.{' '}
												{each.publishedAt !== null
													? `Published ${formatMoment(each.publishedAt)}.`
													: each.signedAt !== null
														? `Signed ${formatMoment(each.signedAt)}.`
														: ''}
											</Text>
										</div>
										<CopyButton label="Copy address" onCopy={() => copyText(each.uri)} />
										{each.behind && <Badge tone="caution">Not published</Badge>}
									</li>
								))}
							</ul>
						)}
					</Loaded>
				</Stack>
			</Section>
			<FolderDialog
				isOpen={asking}
				onClose={() => {
					setAsking(false);
					place.reload();
				}}
			/>
		</Stack>
	);
}

function FolderDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }): ReactElement {
	const [baseUrl, setBaseUrl] = useState('');
	const set = useAction('status.setPlace');
	const isUrl = /^https?:\/\/\S+$/.test(baseUrl.trim());
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isUrl || set.pending) return;
		const result = await set.run({ kind: 'folder', baseUrl: baseUrl.trim() });
		if (result.ok) onClose();
	};
	return (
		<Dialog
			isOpen={isOpen}
			onClose={onClose}
			title="Publish in a folder"
			actions={
				<>
					<Button onPress={onClose}>Cancel</Button>
					<Button type="submit" form="status-folder" variant="primary" isPending={set.pending} isDisabled={!isUrl}>
						Choose the folder
					</Button>
				</>
			}
		>
			<form id="status-folder" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<Text>
						Holdfast writes each list into a folder that your web server gives out. Documents that were issued before keep the address that they have.
					</Text>
					<TextField
						label="Web address of the folder"
						value={baseUrl}
						onChange={setBaseUrl}
						placeholder="https://"
						isMono
						maxLength={1024}
						error={baseUrl.trim() === '' || isUrl ? undefined : 'It starts with “https://”.'}
					/>
					<Banner tone="info">Choose the address for good: it stands in every document.</Banner>
					<Problem title="It was not changed" error={set.error} />
				</Stack>
			</form>
		</Dialog>
	);
}
