import type { CredentialDetail } from '@holdfast/contract';
import {
	Banner,
	Button,
	ConfirmDialog,
	CopyButton,
	CredentialDocument,
	Disclosure,
	IconDelete,
	Inline,
	KeyValueList,
	PartyCard,
	SplitView,
	Stack,
	Text,
	useToast,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { faceOf, partyCard } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { countOf, formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { claimItems, formatName } from '../../../shell/words.ts';
import { WithdrawalCheck, WithdrawalNote } from './withdrawal.dom.tsx';

/** One document: what it says, who issued it, and the technical side on demand. */
export function DocumentScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const document = useQuery('credentials.get', { id }, ['credentials']);
	const title = document.status === 'ready' ? document.value.summary.appearance.name : 'Document';
	return (
		<Screen title={title} back={{ label: 'Wallet', onNavigate: () => go(paths.wallet) }}>
			<Loaded query={document} what="this document">
				{(detail) => <DocumentView detail={detail} onDeleted={() => go(paths.wallet)} />}
			</Loaded>
		</Screen>
	);
}

function DocumentView({ detail, onDeleted }: { readonly detail: CredentialDetail; readonly onDeleted: () => void }): ReactElement {
	const { summary, lines } = detail;
	const [isAsking, setAsking] = useState(false);
	const remove = useAction('credentials.delete');
	const toast = useToast();
	const confirmDelete = async () => {
		const result = await remove.run({ id: summary.id });
		setAsking(false);
		if (!result.ok) return;
		toast({ title: 'Document deleted', tone: 'positive' });
		onDeleted();
	};
	return (
		<Stack gap={5}>
			<Problem title="The document was not deleted" error={remove.error} />
			<SplitView
				start={
					<CredentialDocument
						{...faceOf(summary)}
						actions={
							<Button icon={IconDelete} onPress={() => setAsking(true)}>
								Delete document
							</Button>
						}
					>
						<Stack gap={5}>
							<WithdrawalNote summary={summary} />
							{summary.state === 'expired' && (
								<Banner tone="caution" title="This document has expired">
									Verifiers will refuse it. Ask its issuer for a new one.
								</Banner>
							)}
							<KeyValueList items={claimItems(lines)} />
							<Disclosure label="Details">
								<KeyValueList
									items={[
										{ id: 'format', label: 'Format', value: formatName(summary.format) },
										{ id: 'type', label: 'Type', value: summary.type, kind: 'mono' },
										{ id: 'issuer', label: 'Issuer', value: summary.issuer.id, kind: 'mono', onCopy: () => copyText(summary.issuer.id) },
										{ id: 'holder', label: 'Bound to key', value: detail.holderKey, kind: 'mono', onCopy: () => copyText(detail.holderKey) },
										{
											id: 'copies',
											label: 'Copies left',
											value: String(summary.copies),
											note: 'Each has a key of its own, so that two verifiers cannot compare keys.',
										},
										{ id: 'received', label: 'Received', value: formatMoment(summary.receivedAt) },
									]}
								/>
								<div className="app-after">
									<Inline gap={3}>
										<CopyButton label="Copy raw document" variant="words" onCopy={() => copyText(detail.raw, true)} />
										<Text as="span" size="sm" tone="muted">
											It holds every claim. Give it to nobody: present it instead.
										</Text>
									</Inline>
								</div>
							</Disclosure>
						</Stack>
					</CredentialDocument>
				}
				end={
					<Stack gap={4}>
						<PartyCard {...partyCard(summary.issuer, 'Issued by')} />
						<Text size="sm" tone="muted">
							{summary.uses === 0
								? 'You have not shown this document to anybody yet.'
								: `Shown ${countOf(summary.uses, 'time')}${summary.lastUsedAt === null ? '' : `, last on ${formatMoment(summary.lastUsedAt)}`}.`}
						</Text>
						<Text size="sm" tone="muted">
							{detail.selective ? 'You can show single claims of it and hide the others.' : 'You always show it whole.'}
						</Text>
						<WithdrawalCheck summary={summary} />
					</Stack>
				}
			/>
			<ConfirmDialog
				isOpen={isAsking}
				title="Delete this document?"
				confirmLabel="Delete document"
				isDanger
				isPending={remove.pending}
				onConfirm={() => void confirmDelete()}
				onCancel={() => setAsking(false)}
			>
				“{summary.appearance.name}” is removed from this wallet. The recovery phrase does not bring it back: its issuer would have to issue it again.
			</ConfirmDialog>
		</Stack>
	);
}
