import type { CallOutput, CredentialFormat, CredentialType, DidSummary, FormField } from '@holdfast/contract';
import {
	Banner,
	Button,
	Checkbox,
	CopyButton,
	CredentialDocument,
	DateField,
	EmptyState,
	IconIdentity,
	Inline,
	KeyValueList,
	PartyCard,
	RadioGroup,
	Section,
	Select,
	SplitView,
	Stack,
	Stepper,
	Text,
	TextArea,
	TextField,
	useToast,
	VerdictPanel,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { faceOfType, partyCard } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatDay } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { useKeepTxCode } from '../../../shell/tx-code.dom.tsx';
import { claimItems, formatMeaning, formatName } from '../../../shell/words.ts';
import { SHORT_EXPIRY, VALIDITY } from '../terms.ts';
import { claimsOf, type FormValues, fieldKey, placeProblems, problemsIn } from './claims.ts';

type Review = CallOutput<'issue.prepare'>;

const STEPS = ['Fill in', 'Review', 'Hand over'] as const;

/** Makes one document: fill in, review, hand over. */
export function ComposeScreen({ typeId }: { readonly typeId: string }): ReactElement {
	const [, go] = useLocation();
	const types = useQuery('issue.types', {});
	const dids = useQuery('dids.list', {}, ['dids']);
	const type = types.status === 'ready' ? types.value.find((each) => each.id === typeId) : undefined;
	const back = { label: 'Issue', onNavigate: () => go(paths.issue) };
	if (type && dids.status === 'ready' && dids.value.length > 0) return <Compose type={type} dids={dids.value} />;
	return (
		<Screen title={type?.name ?? 'Issue'} back={back}>
			<Loaded query={types} what="this kind of document">
				{() =>
					type ? (
						<Loaded query={dids} what="your identities">
							{() => (
								<EmptyState
									icon={IconIdentity}
									title="You need an identity first"
									action={
										<Button variant="primary" onPress={() => go(paths.identityNew)}>
											Create identity
										</Button>
									}
								>
									A document is signed with one of your identities, so that others can check who issued it.
								</EmptyState>
							)}
						</Loaded>
					) : (
						<EmptyState icon={IconIdentity} title="There is no such kind of document" action={<Button onPress={back.onNavigate}>Back to Issue</Button>} />
					)
				}
			</Loaded>
		</Screen>
	);
}

interface Draft {
	readonly values: FormValues;
	readonly format: CredentialFormat;
	readonly issuerDid: string;
	readonly validDays: string;
	readonly delivery: 'offer' | 'direct';
	readonly txCode: boolean;
	readonly byReference: boolean;
	readonly expiresInMinutes: string;
	readonly holderDid: string;
	readonly basis: string;
}

const FORMATS = (['dc+sd-jwt', 'jwt_vc_json'] as const).map((value) => ({ value, label: formatName(value), description: formatMeaning(value) }));

const DELIVERIES = [
	{ value: 'offer', label: 'Offer it', description: 'A link and a QR code that the holder’s wallet collects. It is bound to the holder’s key.' },
	{ value: 'direct', label: 'Sign it for a DID', description: 'You know the holder’s DID and get the document as text to send.' },
] as const;

function Compose({ type, dids }: { readonly type: CredentialType; readonly dids: readonly DidSummary[] }): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const [draft, setDraft] = useState<Draft>(() => ({
		values: {},
		format: 'dc+sd-jwt',
		issuerDid: dids[0]?.did ?? '',
		validDays: '365',
		basis: '',
		delivery: 'offer',
		txCode: true,
		byReference: true,
		expiresInMinutes: '1440',
		holderDid: '',
	}));
	const [review, setReview] = useState<Review>();
	const [credential, setCredential] = useState<string>();
	const keepTxCode = useKeepTxCode();
	const toIssue = () => go(paths.issue);

	if (credential !== undefined) return <Direct credential={credential} onDone={toIssue} />;
	if (review !== undefined) {
		return (
			<ReviewStep
				review={review}
				isOffer={draft.delivery === 'offer'}
				onEdit={() => setReview(undefined)}
				onRefused={() => {
					toast({ title: 'Nothing was issued' });
					toIssue();
				}}
				onApproved={({ offer, credential: raw }) => {
					if (offer) {
						keepTxCode(offer.id, offer.txCode);
						go(paths.offer(offer.id));
					} else if (raw === null) toIssue();
					else setCredential(raw);
				}}
			/>
		);
	}
	return <FillIn type={type} dids={dids} draft={draft} onDraft={setDraft} onReview={setReview} />;
}

interface FillInProps {
	readonly type: CredentialType;
	readonly dids: readonly DidSummary[];
	readonly draft: Draft;
	readonly onDraft: (draft: Draft) => void;
	readonly onReview: (review: Review) => void;
}

function FillIn({ type, dids, draft, onDraft, onReview }: FillInProps): ReactElement {
	const [, go] = useLocation();
	const prepare = useAction('issue.prepare');
	const [found, setFound] = useState<ReturnType<typeof placeProblems>>({ byField: {}, others: [] });
	const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
	const setValue = (key: string, value: string) => {
		set({ values: { ...draft.values, [key]: value } });
		if (found.byField[key] !== undefined) setFound({ ...found, byField: Object.fromEntries(Object.entries(found.byField).filter(([each]) => each !== key)) });
	};
	const isInvalid = prepare.error?.code === 'issue/invalid-claims';
	const isHolder = draft.delivery === 'offer' || draft.holderDid.trim().startsWith('did:');

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (prepare.pending) return;
		const read = claimsOf(type.fields, draft.values);
		if ('problems' in read) {
			setFound(placeProblems(type.fields, read.problems));
			focusFirstProblem();
			return;
		}
		const result = await prepare.run({
			typeId: type.id,
			format: draft.format,
			issuerDid: draft.issuerDid,
			// The contract's JSON is mutable, the kernel's is not; nobody writes to it.
			claims: read.claims as Parameters<typeof prepare.run>[0]['claims'],
			validDays: Number(draft.validDays),
			...(draft.basis.trim() === '' ? {} : { basis: draft.basis.trim() }),
			delivery:
				draft.delivery === 'offer'
					? { kind: 'offer', txCode: draft.txCode, byReference: draft.byReference, expiresInMinutes: Number(draft.expiresInMinutes) }
					: { kind: 'direct', holderDid: draft.holderDid.trim() },
		});
		if (result.ok) onReview(result.value);
		else {
			setFound(placeProblems(type.fields, problemsIn(result.error.data)));
			focusFirstProblem();
		}
	};

	return (
		<Screen key="fill" title={type.name} lead={type.description} back={{ label: 'Issue', onNavigate: () => go(paths.issue) }}>
			<form onSubmit={(event) => void submit(event)} noValidate>
				<Stack gap={6}>
					<Stepper steps={STEPS} current={0} />
					<Section title="What it says">
						<div className="app-form">
							{type.fields.map((field) => (
								<Field
									key={fieldKey(field.path)}
									field={field}
									value={draft.values[fieldKey(field.path)] ?? ''}
									onChange={(value) => setValue(fieldKey(field.path), value)}
									error={found.byField[fieldKey(field.path)]}
								/>
							))}
						</div>
					</Section>
					<Section title="How it is issued">
						<Stack gap={5}>
							<RadioGroup label="Format" variant="cards" options={FORMATS} value={draft.format} onChange={(format) => set({ format })} />
							<div className="app-form">
								<Select
									label="Issuer identity"
									options={dids.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did }))}
									value={draft.issuerDid}
									onChange={(issuerDid) => set({ issuerDid })}
								/>
								<Select
									label="Valid for"
									options={VALIDITY}
									value={VALIDITY.find((each) => each.value === draft.validDays)?.value}
									onChange={(validDays) => set({ validDays })}
								/>
							</div>
							<div className="app-narrow">
								<TextField
									label="Ground or consent"
									isOptional
									description="Why you may issue it, such as a contract or what the holder agreed to. Kept in your register, no part of the document."
									value={draft.basis}
									onChange={(basis) => set({ basis })}
									maxLength={300}
								/>
							</div>
							<RadioGroup label="Delivery" variant="cards" options={DELIVERIES} value={draft.delivery} onChange={(delivery) => set({ delivery })} />
							{draft.delivery === 'offer' ? (
								<Stack gap={4}>
									<div className="app-narrow">
										<Select
											label="Offer open for"
											options={SHORT_EXPIRY}
											value={SHORT_EXPIRY.find((each) => each.value === draft.expiresInMinutes)?.value}
											onChange={(expiresInMinutes) => set({ expiresInMinutes })}
										/>
									</div>
									<Checkbox
										isSelected={draft.txCode}
										onChange={(txCode) => set({ txCode })}
										description="The holder also needs a short code that you tell them by another way. A stolen link alone is then worth nothing."
									>
										Ask for a transaction code
									</Checkbox>
									<Checkbox
										isSelected={draft.byReference}
										onChange={(byReference) => set({ byReference })}
										description="The wallet fetches the offer from your service, which keeps the QR code small."
									>
										Short link
									</Checkbox>
								</Stack>
							) : (
								<TextField
									label="Holder’s DID"
									value={draft.holderDid}
									onChange={(holderDid) => set({ holderDid })}
									placeholder="did:"
									isMono
									error={draft.holderDid === '' || isHolder ? undefined : 'A DID starts with “did:”.'}
								/>
							)}
						</Stack>
					</Section>
					{found.others.length > 0 && (
						<Banner tone="negative" role="alert" title="Something does not fit">
							{found.others.join(' ')}
						</Banner>
					)}
					<Problem title={isInvalid ? 'Some fields need another look' : 'The document was not prepared'} error={prepare.error} />
					<Inline justify="end">
						<Button
							type="submit"
							variant="primary"
							isPending={prepare.pending}
							isDisabled={!isHolder || (draft.delivery === 'direct' && draft.holderDid.trim() === '')}
						>
							Continue
						</Button>
					</Inline>
				</Stack>
			</form>
		</Screen>
	);
}

function focusFirstProblem(): void {
	// After React has marked the fields.
	requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"], main [data-invalid] button')?.focus());
}

interface FieldProps {
	readonly field: FormField;
	readonly value: string;
	readonly onChange: (value: string) => void;
	readonly error: string | undefined;
}

const YES_NO = [
	{ value: 'yes', label: 'Yes' },
	{ value: 'no', label: 'No' },
] as const;

function Field({ field, value, onChange, error }: FieldProps): ReactElement {
	const hint = [field.hint, field.disclosable ? undefined : 'Every verifier sees this.'].filter(Boolean).join(' ');
	const common = { label: field.label, description: hint === '' ? undefined : hint, error, isOptional: !field.required, onChange };
	switch (field.kind) {
		case 'date':
			return <DateField {...common} value={value} />;
		case 'number':
			return <TextField {...common} value={value} inputMode="decimal" maxLength={40} />;
		case 'boolean':
			return <RadioGroup {...common} options={YES_NO} value={value === 'yes' || value === 'no' ? value : undefined} />;
		case 'choice':
			return <Select {...common} options={field.options ?? []} value={value === '' ? undefined : value} />;
		case 'list':
			return <TextArea {...common} description={[hint, 'One on each line.'].filter(Boolean).join(' ')} value={value} rows={3} maxLength={8192} />;
		case 'text':
			return <TextField {...common} value={value} maxLength={1024} />;
	}
}

interface ReviewStepProps {
	readonly review: Review;
	readonly isOffer: boolean;
	readonly onEdit: () => void;
	readonly onRefused: () => void;
	readonly onApproved: (answer: CallOutput<'issue.approve'>) => void;
}

function ReviewStep({ review, isOffer, onEdit, onRefused, onApproved }: ReviewStepProps): ReactElement {
	const approve = useAction('issue.approve');
	const refuse = useAction('issue.refuse');
	return (
		<Screen
			key="review"
			title="Review the document"
			lead="You sign exactly this. Read it as if you were its holder."
			back={{ label: 'Change', onNavigate: onEdit }}
		>
			<Stack gap={5}>
				<Stepper steps={STEPS} current={1} />
				{review.warnings.map((warning) => (
					<Banner key={warning} tone="caution">
						{warning}
					</Banner>
				))}
				<SplitView
					start={
						<CredentialDocument
							{...faceOfType(review.appearance, review.issuer.name, review.typeName)}
							validity={`Valid from ${formatDay(review.validFrom)} until ${formatDay(review.validUntil)}`}
						>
							<KeyValueList items={claimItems(review.lines)} />
						</CredentialDocument>
					}
					end={
						<Stack gap={4}>
							<PartyCard {...partyCard(review.issuer, 'Signed by')} />
							<Text size="sm" tone="muted">
								{formatName(review.format)}. {formatMeaning(review.format)}
							</Text>
							<Problem title="The document was not issued" error={approve.error} />
							<Problem error={refuse.error} />
							<Inline justify="end">
								<Button
									isPending={refuse.pending}
									onPress={() =>
										void refuse.run({ id: review.id }).then((result) => {
											if (result.ok) onRefused();
										})
									}
								>
									Refuse
								</Button>
								<Button
									variant="primary"
									isPending={approve.pending}
									pendingLabel={isOffer ? 'Making the offer…' : 'Signing…'}
									onPress={() =>
										void approve.run({ id: review.id }).then((result) => {
											if (result.ok) onApproved(result.value);
										})
									}
								>
									Approve
								</Button>
							</Inline>
						</Stack>
					}
				/>
			</Stack>
		</Screen>
	);
}

function Direct({ credential, onDone }: { readonly credential: string; readonly onDone: () => void }): ReactElement {
	return (
		<Screen key="direct" title="Signed">
			<Stack gap={5}>
				<VerdictPanel verdict="passed" title="The document is signed" reason="Send the text to its holder. Holdfast does not keep it." />
				<TextArea label="Signed document" value={credential} onChange={() => undefined} isReadOnly isMono rows={8} />
				<Inline justify="end">
					<CopyButton label="Copy signed document" variant="words" size="medium" onCopy={() => copyText(credential, true)} />
					<Button variant="primary" onPress={onDone}>
						Done
					</Button>
				</Inline>
				<Text size="sm" tone="muted">
					It holds personal data in readable form: choose a private way to send it.
				</Text>
			</Stack>
		</Screen>
	);
}
