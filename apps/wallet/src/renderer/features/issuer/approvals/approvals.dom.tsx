import type { ApprovalReview, ApprovalRule } from '@holdfast/contract';
import { Banner, Button, FileDrop, Inline, KeyValueList, NumberField, PartyCard, Section, Select, Stack, Text, TextField, useToast } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { partyCard } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { countOf, formatMoment } from '../../../shell/format.ts';

/** Larger than any request or approval: such a file is not even read. */
const MOST_BYTES = 128 * 1024;

/** Four eyes: who has to approve one's own large tables, and approvals for the tables of others. */
export function Approvals(): ReactElement {
	const rule = useQuery('approvals.rule', {}, ['batches']);
	return (
		<Stack gap={6}>
			<Section
				title="Approve somebody else’s table"
				description="Open the file that they gave you, read it, and give them your approval as a file. Nothing is issued by it here."
			>
				<ApproveOther />
			</Section>
			<Section
				title="Your own large tables"
				description="A second pair of eyes against mistakes, and against one person acting alone in this window. It does not stop somebody who has your passphrase and another program."
			>
				<Loaded query={rule} what="the rule">
					{(value) => <Rule key={JSON.stringify(value.rule)} rule={value.rule} />}
				</Loaded>
			</Section>
		</Stack>
	);
}

function ApproveOther(): ReactElement {
	const open = useAction('approvals.open');
	const [review, setReview] = useState<ApprovalReview>();
	const [isTooLarge, setTooLarge] = useState(false);
	const take = async (file: File) => {
		const isUnfit = file.size === 0 || file.size > MOST_BYTES;
		setTooLarge(isUnfit);
		if (isUnfit) return;
		const result = await open.run({ text: await file.text() });
		if (result.ok) setReview(result.value);
	};
	if (review) return <Reviewed key={review.id} review={review} onDone={() => setReview(undefined)} />;
	return (
		<Stack gap={3}>
			<FileDrop
				label="A request for your approval"
				accept=".jwt,.txt,text/plain,application/jwt"
				onFile={(file) => void take(file)}
				isDisabled={open.pending}
			/>
			{isTooLarge && <Banner tone="caution">This is no request for an approval: it is empty, or too large.</Banner>}
			<Problem title="The request was not opened" error={isTooLarge ? undefined : open.error} />
		</Stack>
	);
}

function Reviewed({ review, onDone }: { readonly review: ApprovalReview; readonly onDone: () => void }): ReactElement {
	const toast = useToast();
	const dids = useQuery('dids.list', {}, ['dids']);
	const sign = useAction('approvals.sign');
	const discard = useAction('approvals.discard');
	const [did, setDid] = useState<string>();
	const own = dids.status === 'ready' ? dids.value.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did })) : [];
	const approve = async () => {
		if (did === undefined || sign.pending) return;
		const result = await sign.run({ id: review.id, did });
		if (!result.ok || result.value.path === null) return;
		toast({ title: 'Your approval is written', description: result.value.path, tone: 'positive' });
		onDone();
	};
	return (
		<Stack gap={4}>
			<PartyCard {...partyCard(review.issuer, 'Who asks')} />
			{review.warnings.map((words) => (
				<Banner key={words} tone="caution">
					{words}
				</Banner>
			))}
			<KeyValueList
				items={[
					{ id: 'what', label: 'Would issue', value: `${review.documents.toLocaleString('en-GB')} × ${review.type}` },
					{ id: 'table', label: 'From the table', value: review.name },
					{ id: 'how', label: 'As', value: review.delivery === 'offers' ? 'Offers that people collect' : 'Documents signed at once' },
					{ id: 'valid', label: 'Valid for', value: countOf(review.validDays, 'day') },
					{ id: 'first', label: 'The first of them', value: review.examples.join(', ') },
					{ id: 'digest', label: 'Digest of all rows', value: review.digest, kind: 'mono' },
					{ id: 'at', label: 'Asked', value: formatMoment(review.signedAt) },
				]}
			/>
			<div className="app-narrow">
				<Select label="Approve as" description="The identity that they have listed for you." options={own} value={did} onChange={setDid} />
			</div>
			<Problem title="The approval was not written" error={sign.error} />
			<Inline justify="end">
				<Button onPress={() => void discard.run({ id: review.id }).then(onDone)}>Do not approve</Button>
				<Button variant="primary" isDisabled={did === undefined} isPending={sign.pending} onPress={() => void approve()}>
					Approve and save the file
				</Button>
			</Inline>
		</Stack>
	);
}

const EMPTY: ApprovalRule = { from: 100, needed: 1, approvers: [] };

function Rule({ rule }: { readonly rule: ApprovalRule | null }): ReactElement {
	const set = useAction('approvals.setRule');
	const toast = useToast();
	const [draft, setDraft] = useState(rule ?? EMPTY);
	const [next, setNext] = useState({ did: '', name: '' });
	const [isChecked, setChecked] = useState(false);
	const { approvers } = draft;
	const isDid = /^did:[a-z0-9]+:.+/.test(next.did.trim());
	const add = (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if (!isDid || next.name.trim() === '') return;
		setDraft({ ...draft, approvers: [...approvers, { did: next.did.trim(), name: next.name.trim() }] });
		setNext({ did: '', name: '' });
		setChecked(false);
	};
	const save = async (value: ApprovalRule | null) => {
		const result = await set.run({ rule: value });
		if (result.ok) toast({ title: value ? 'The rule is kept' : 'Tables need no approval any more' });
	};
	return (
		<Stack gap={4}>
			{rule === null && <Text tone="muted">Tables need nobody’s approval now.</Text>}
			<div className="app-form">
				<NumberField
					label="Tables of so many rows or more"
					value={draft.from}
					onChange={(from) => setDraft({ ...draft, from: from ?? 1 })}
					min={1}
					max={10_000_000}
				/>
				<NumberField label="Approvals needed" value={draft.needed} onChange={(needed) => setDraft({ ...draft, needed: needed ?? 1 })} min={1} max={20} />
			</div>
			{approvers.length > 0 && (
				<ul className="app-rows hf-list-reset" aria-label="Who approves">
					{approvers.map(({ did, name }) => (
						<li key={did} className="app-row">
							<div className="app-row__words">
								<strong>{name}</strong>
								<p className="app-mono">{did}</p>
							</div>
							<Button
								size="small"
								onPress={() => setDraft({ ...draft, approvers: approvers.filter((each) => each.did !== did) })}
								aria-label={`Take ${name} from the list`}
							>
								Remove
							</Button>
						</li>
					))}
				</ul>
			)}
			<form className="app-form" onSubmit={add} noValidate>
				<TextField
					label="Name of who approves"
					value={next.name}
					onChange={(name) => setNext({ ...next, name })}
					maxLength={120}
					error={isChecked && next.name.trim() === '' ? 'Write a name.' : undefined}
				/>
				<TextField
					label="Their DID"
					description="They find it under Identities, in their own Holdfast."
					value={next.did}
					onChange={(did) => setNext({ ...next, did })}
					isMono
					maxLength={2048}
					error={isChecked && !isDid ? 'A DID begins with did: and a method, such as did:jwk:…' : undefined}
				/>
				<Inline>
					<Button type="submit">Add to the list</Button>
				</Inline>
			</form>
			<Problem title="The rule was not kept" error={set.error} />
			<Inline justify="end">
				{rule !== null && <Button onPress={() => void save(null)}>Ask for no approvals</Button>}
				<Button variant="primary" isDisabled={approvers.length === 0} isPending={set.pending} onPress={() => void save(draft)}>
					Keep the rule
				</Button>
			</Inline>
		</Stack>
	);
}
