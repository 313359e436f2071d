import type { DidSummary, Resolution } from '@holdfast/contract';
import {
	Banner,
	Button,
	ConfirmDialog,
	Dialog,
	EmptyState,
	IconDelete,
	IconEdit,
	IconExport,
	IconIdentity,
	Inline,
	KeyValueList,
	Section,
	Stack,
	TextField,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatDay } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { ResolutionView } from '../../../shell/resolution.dom.tsx';
import { Screen } from '../../../shell/screen.dom.tsx';
import { KEY_TYPE_NAMES, METHOD_MEANINGS } from '../../../shell/words.ts';

/** One of the person's DIDs. */
export function IdentityScreen({ did }: { readonly did: string }): ReactElement {
	const [, go] = useLocation();
	const dids = useQuery('dids.list', {}, ['dids']);
	const summary = dids.status === 'ready' ? dids.value.find((each) => each.did === did) : undefined;
	const toList = () => go(paths.identities);
	return (
		<Screen title={summary?.alias ?? 'Identity'} lead={summary && METHOD_MEANINGS[summary.method]} back={{ label: 'Identities', onNavigate: toList }}>
			<Loaded query={dids} what="this identity">
				{() =>
					summary ? (
						<IdentityView summary={summary} onChanged={dids.reload} onForgotten={toList} />
					) : (
						<EmptyState icon={IconIdentity} title="This identity is not in your wallet" action={<Button onPress={toList}>Show your identities</Button>} />
					)
				}
			</Loaded>
		</Screen>
	);
}

interface IdentityViewProps {
	readonly summary: DidSummary;
	readonly onChanged: () => void;
	readonly onForgotten: () => void;
}

function IdentityView({ summary, onChanged, onForgotten }: IdentityViewProps): ReactElement {
	const [open, setOpen] = useState<'rename' | 'forget'>();
	const [resolution, setResolution] = useState<Resolution>();
	const resolve = useAction('dids.resolve');
	const forget = useAction('dids.forget');
	const publish = useAction('dids.publishWeb');
	const toast = useToast();

	const read = async (fresh: boolean) => {
		const result = await resolve.run(fresh ? { did: summary.did, fresh } : { did: summary.did });
		if (result.ok) setResolution(result.value);
	};
	const confirmForget = async () => {
		const result = await forget.run({ did: summary.did });
		setOpen(undefined);
		if (!result.ok) return;
		toast({ title: 'Identity forgotten', tone: 'positive' });
		onForgotten();
	};
	const save = async () => {
		const result = await publish.run({ did: summary.did });
		if (result.ok && result.value.path !== null) toast({ title: 'did.json saved', description: result.value.path, tone: 'positive' });
	};

	return (
		<Stack gap={6}>
			<KeyValueList
				items={[
					{ id: 'did', label: 'DID', value: summary.did, kind: 'mono', onCopy: () => copyText(summary.did) },
					{ id: 'keys', label: 'Keys', value: summary.keyTypes.map((type) => KEY_TYPE_NAMES[type]).join(', ') || 'None' },
					...(summary.network === null ? [] : [{ id: 'network', label: 'Network', value: summary.network }]),
					{ id: 'made', label: 'Made', value: formatDay(summary.createdAt) },
				]}
			/>
			{summary.publishAt !== null && (
				<Banner
					title="Others need a file from you"
					actions={
						<Button icon={IconExport} isPending={publish.pending} onPress={() => void save()}>
							Save did.json
						</Button>
					}
				>
					Save did.json and put it on your web server, so that it can be read at <span className="app-mono">{summary.publishAt}</span>. Until then nobody can
					check what you sign with this identity.
				</Banner>
			)}
			<Problem title="did.json was not saved" error={publish.error} />
			<Section
				title="DID document"
				description="What others find when they look this identity up."
				actions={
					resolution === undefined && (
						<Button size="small" isPending={resolve.pending} pendingLabel="Looking it up…" onPress={() => void read(false)}>
							Look it up
						</Button>
					)
				}
			>
				<Problem title="The document was not found" error={resolve.error} />
				{resolution && <ResolutionView resolution={resolution} onRefresh={() => void read(true)} isRefreshing={resolve.pending} />}
			</Section>
			<Problem title="The identity was not forgotten" error={forget.error} />
			<Inline justify="end">
				<Button icon={IconDelete} onPress={() => setOpen('forget')}>
					Forget identity
				</Button>
				<Button icon={IconEdit} onPress={() => setOpen('rename')}>
					Rename
				</Button>
			</Inline>
			{open === 'rename' && (
				<Rename
					summary={summary}
					onClose={() => setOpen(undefined)}
					onRenamed={() => {
						setOpen(undefined);
						onChanged();
					}}
				/>
			)}
			<ConfirmDialog
				isOpen={open === 'forget'}
				title="Forget this identity?"
				confirmLabel="Forget identity"
				isDanger
				isPending={forget.pending}
				onConfirm={() => void confirmForget()}
				onCancel={() => setOpen(undefined)}
			>
				You can no longer sign with it. Documents that you issued with it stay valid, and its keys are never used again for another.
			</ConfirmDialog>
		</Stack>
	);
}

function Rename({ summary, onClose, onRenamed }: { readonly summary: DidSummary; readonly onClose: () => void; readonly onRenamed: () => void }): ReactElement {
	const [alias, setAlias] = useState(summary.alias ?? '');
	const rename = useAction('dids.rename');
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const result = await rename.run({ did: summary.did, alias: alias.trim() });
		if (result.ok) onRenamed();
	};
	return (
		<Dialog
			isOpen
			onClose={onClose}
			title="Rename identity"
			size="small"
			actions={
				<>
					<Button onPress={onClose}>Cancel</Button>
					<Button type="submit" form="rename-identity" variant="primary" isPending={rename.pending}>
						Save name
					</Button>
				</>
			}
		>
			<form id="rename-identity" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<TextField label="Name" description="Only you see it." value={alias} onChange={setAlias} autoFocus maxLength={80} />
					<Problem error={rename.error} />
				</Stack>
			</form>
		</Dialog>
	);
}
