import type { Party, Verdict } from '@holdfast/contract';
import { findCheck } from '@holdfast/kernel';
import {
	Banner,
	Button,
	ConfirmDialog,
	Disclosure,
	KeyValueList,
	PartyCard,
	ReportTree,
	Section,
	Stack,
	TextField,
	useToast,
	VerdictPanel,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useAction, useQuery } from './calls.dom.ts';
import { partyCard } from './faces.ts';
import { Problem } from './feedback.dom.tsx';
import { verdictOf } from './verdict.ts';
import { claimItems } from './words.ts';

/** Puts an issuer on the person's own list, after a question that says what this means. */
function AddIssuer({ issuer }: { readonly issuer: Party }): ReactElement | null {
	const [isAsking, setAsking] = useState(false);
	const [name, setName] = useState(issuer.name);
	const trusted = useQuery('trust.list', {}, ['trust']);
	const add = useAction('trust.add');
	const toast = useToast();
	if (issuer.standing !== 'unknown' || (trusted.status === 'ready' && trusted.value.some((each) => each.issuer === issuer.id))) return null;
	const confirm = async () => {
		const result = await add.run({ issuer: issuer.id, name: name.trim() });
		setAsking(false);
		if (result.ok) toast({ title: 'Issuer added to your list', description: 'It counts from the next check on.', tone: 'positive' });
	};
	return (
		<Stack gap={3}>
			<Problem title="The issuer was not added" error={add.error} />
			<div>
				<Button size="small" onPress={() => setAsking(true)}>
					Add this issuer
				</Button>
			</div>
			<ConfirmDialog
				isOpen={isAsking}
				title="Trust this issuer?"
				confirmLabel="Add issuer"
				isPending={add.pending}
				isConfirmDisabled={name.trim() === ''}
				onConfirm={() => void confirm()}
				onCancel={() => setAsking(false)}
			>
				<Stack gap={4}>
					<p>From now on you accept what it signs. Make sure by another way that this is really who you think: the name below is only what it calls itself.</p>
					<p className="app-mono">{issuer.id}</p>
					<TextField label="Name on your list" value={name} onChange={setName} maxLength={120} />
				</Stack>
			</ConfirmDialog>
		</Stack>
	);
}

/** What a proof of ownership says. Nobody issued it: a contract says who owns what. */
function ProvenOwnership({ document, isAccepted }: { readonly document: Verdict['documents'][number]; readonly isAccepted: boolean }): ReactElement {
	const [owns, ...rest] = document.proven;
	return (
		<Section title={document.name}>
			<Stack gap={4}>
				{isAccepted && owns !== undefined ? (
					<Banner tone="positive" title={owns}>
						By the collection’s own contract. You learned one address, and what anybody can look up about it, but not who it belongs to.
					</Banner>
				) : (
					<Banner tone="caution">The ownership was not proven.</Banner>
				)}
				{rest.length > 0 && (
					<ul className="app-list">
						{rest.map((line) => (
							<li key={line} className="app-mono">
								{line}
							</li>
						))}
					</ul>
				)}
			</Stack>
		</Section>
	);
}

/** The answer in one sentence, what was shown, and everything that was checked. */
export function VerdictView({ verdict }: { readonly verdict: Verdict }): ReactElement {
	const trust = findCheck(verdict.report, 'issuer-trust');
	return (
		<Stack gap={6}>
			<VerdictPanel verdict={verdictOf(verdict)} reason={verdict.sentence} />
			{verdict.documents.map((document) =>
				document.kind === 'token' ? (
					<ProvenOwnership key={document.queryId} document={document} isAccepted={verdict.accepted} />
				) : (
					<Section key={`${document.queryId} ${document.type} ${document.issuer.id}`} title={document.name}>
						<Stack gap={4}>
							{!verdict.accepted && <Banner tone="caution">What stands here was not accepted. Do not rely on it.</Banner>}
							{document.proven.length > 0 && (
								<Banner tone="positive" title={document.proven.join('. ')}>
									Proven without showing it. Nothing else of the document was learned, but who issued it and of what kind it is.
								</Banner>
							)}
							{document.lines.length === 0 ? document.proven.length === 0 && <p>No claims were shown.</p> : <KeyValueList items={claimItems(document.lines)} />}
							<PartyCard {...partyCard(document.issuer, 'Issued by')}>
								{trust !== undefined && trust.result !== 'passed' && <AddIssuer issuer={document.issuer} />}
							</PartyCard>
							<Disclosure label="Details">
								<KeyValueList
									items={[
										{ id: 'type', label: 'Type', value: document.type, kind: 'mono' },
										{ id: 'issuer', label: 'Issuer', value: document.issuer.id, kind: 'mono' },
									]}
								/>
							</Disclosure>
						</Stack>
					</Section>
				),
			)}
			<Section title="What was checked">
				<ReportTree report={verdict.report} hideRoot={(verdict.report.children ?? []).length > 0} />
			</Section>
		</Stack>
	);
}
