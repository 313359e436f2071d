import type { CredentialSummary, ReceiveReview } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import {
	Banner,
	Button,
	CredentialCard,
	Disclosure,
	Grid,
	Inline,
	KeyValueList,
	PartyCard,
	ProgressBar,
	Section,
	SplitView,
	Stack,
	Text,
	TextField,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../../../shell/bridge.dom.ts';
import { useAction, useProgress } from '../../../shell/calls.dom.ts';
import { faceOf, faceOfType, partyCard } from '../../../shell/faces.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { countOf, listOf } from '../../../shell/format.ts';
import { useHandedOver, useHandOver } from '../../../shell/handoff.dom.tsx';
import { LinkInput } from '../../../shell/link-input.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { claimItems, formatMeaning, formatName } from '../../../shell/words.ts';
import { txCodeProblem } from './tx-code.ts';

type Step =
	| { readonly name: 'link' }
	| { readonly name: 'review'; readonly review: ReceiveReview }
	| { readonly name: 'resume'; readonly id: string }
	| { readonly name: 'done'; readonly documents: readonly CredentialSummary[]; readonly count: number };

const BACK = 'Wallet';

/** From an offer to a document in the wallet. */
export function ReceiveScreen(): ReactElement {
	const [, go] = useLocation();
	const handOver = useHandOver();
	const toast = useToast();
	const [step, setStep] = useState<Step>({ name: 'link' });
	const [isLooking, setLooking] = useState(false);
	const [error, setError] = useState<ErrorInfo>();
	const back = { label: BACK, onNavigate: () => go(paths.wallet) };

	const look = async (text: string) => {
		setError(undefined);
		setLooking(true);
		const about = await call('link.classify', { text });
		if (about.ok && about.value.kind === 'presentation-request') {
			handOver({ to: 'present', kind: 'text', text });
			go(paths.present);
			return;
		}
		const review = await call('receive.open', { text });
		setLooking(false);
		if (review.ok) setStep({ name: 'review', review: review.value });
		else setError(review.error);
	};

	// What the screen before left: a link that the person chose to review, or an exchange to take up again.
	useHandedOver('receive', (left) => {
		if (left.kind === 'text') void look(left.text);
		else setStep({ name: 'resume', id: left.id });
	});

	const finish = async (ids: readonly string[]) => {
		const details = await Promise.all(ids.map((id) => call('credentials.get', { id })));
		setStep({ name: 'done', count: ids.length, documents: details.flatMap((detail) => (detail.ok ? [detail.value.summary] : [])) });
	};

	switch (step.name) {
		case 'link':
			return (
				<Screen key="link" title="Add a document" lead="Paste the link that you were given, scan its QR code, or bring a picture of it." back={back}>
					<div className="app-narrow">
						<LinkInput
							label="Link or document"
							description="An offer link, or a document that somebody sent you as text."
							dropLabel="Drop or paste a picture of the QR code"
							kinds={['presentation-request']}
							aim="the code of the offer"
							onText={(text) => void look(text)}
							isPending={isLooking}
							error={error}
						/>
					</div>
				</Screen>
			);
		case 'review':
			return (
				<Review
					review={step.review}
					back={back}
					onReceived={(ids) => void finish(ids)}
					onRefused={() => {
						toast({ title: 'Offer refused', description: 'Nothing was received.' });
						go(paths.wallet);
					}}
				/>
			);
		case 'resume':
			return <Resume id={step.id} back={back} onReceived={(ids) => void finish(ids)} />;
		case 'done':
			return (
				<Screen
					key="done"
					title={step.count === 1 ? 'Your document is here' : 'Your documents are here'}
					lead={`${listOf([...new Set(step.documents.map((each) => each.appearance.name))]) || countOf(step.count, 'document')} ${step.count === 1 ? 'is' : 'are'} now in your wallet.`}
					action={
						<Button variant="primary" onPress={() => go(paths.wallet)} autoFocus>
							Go to wallet
						</Button>
					}
				>
					<Grid min="19rem">
						{step.documents.map((summary) => (
							<CredentialCard key={summary.id} {...faceOf(summary)} onPress={() => go(paths.document(summary.id))} />
						))}
					</Grid>
				</Screen>
			);
	}
}

interface ReviewProps {
	readonly review: ReceiveReview;
	readonly back: { readonly label: string; readonly onNavigate: () => void };
	readonly onReceived: (ids: readonly string[]) => void;
	readonly onRefused: () => void;
}

function Review({ review, back, onReceived, onRefused }: ReviewProps): ReactElement {
	const [code, setCode] = useState('');
	const [isCodeLeft, setCodeLeft] = useState(false);
	const approve = useAction('receive.approve');
	const refuse = useAction('receive.refuse');
	const cancel = useAction('exchange.cancel');
	const { txCode } = review;
	const problem = txCode === null ? undefined : txCodeProblem(code.trim(), txCode);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setCodeLeft(true);
		if (problem !== undefined || approve.pending) return;
		const result = await approve.run(txCode === null ? { id: review.id } : { id: review.id, txCode: code.trim() });
		setCode('');
		setCodeLeft(false);
		if (result.ok) onReceived(result.value.credentialIds);
	};

	const names = listOf(review.documents.map((document) => document.appearance.name));
	return (
		<Screen key="review" title="Review the offer" lead={`${review.issuer.name} offers you: ${names}.`} back={approve.pending ? undefined : back}>
			<form onSubmit={(event) => void submit(event)}>
				<SplitView
					start={
						<Stack gap={5}>
							{review.documents.map((document) => (
								<OfferedDocument key={document.configurationId} document={document} issuerName={review.issuer.name} />
							))}
						</Stack>
					}
					end={
						<Stack gap={4}>
							<PartyCard {...partyCard(review.issuer, 'Offers')} />
							{review.warnings.map((warning) => (
								<Banner key={warning} tone="caution">
									{warning}
								</Banner>
							))}
							{txCode !== null && (
								<TextField
									label="Transaction code"
									description={txCode.description || 'The issuer sent it to you by another way, such as a letter or a message.'}
									value={code}
									onChange={setCode}
									onBlur={() => setCodeLeft(code !== '')}
									inputMode={txCode.numeric ? 'numeric' : 'text'}
									maxLength={64}
									isMono
									isDisabled={approve.pending}
									error={isCodeLeft ? problem : undefined}
								/>
							)}
							<Problem title="The document was not received" error={approve.error} />
							<Problem error={refuse.error} />
							{approve.pending ? (
								<ExchangeProgress id={review.id} label="Receiving" onCancel={() => void cancel.run({ id: review.id })} isCancelling={cancel.pending} />
							) : (
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
									<Button type="submit" variant="primary">
										Approve
									</Button>
								</Inline>
							)}
						</Stack>
					}
				/>
			</form>
		</Screen>
	);
}

function OfferedDocument({ document, issuerName }: { readonly document: ReceiveReview['documents'][number]; readonly issuerName: string }): ReactElement {
	return (
		<Stack gap={4}>
			<div className="app-card">
				<CredentialCard {...faceOfType(document.appearance, issuerName, document.type)} />
			</div>
			{document.appearance.description && <Text tone="muted">{document.appearance.description}</Text>}
			{document.lines.length > 0 ? (
				<KeyValueList items={claimItems(document.lines)} />
			) : (
				<Section title="What it will contain" description="As its issuer announces it. You see the values when you have it.">
					{document.claims.length === 0 ? (
						<Text tone="muted">The issuer does not say.</Text>
					) : (
						<ul className="app-list">
							{document.claims.map((claim) => (
								<li key={claim}>{claim}</li>
							))}
						</ul>
					)}
				</Section>
			)}
			<Disclosure label="Details">
				<KeyValueList
					items={[
						{ id: 'format', label: 'Format', value: formatName(document.format), note: formatMeaning(document.format) },
						{ id: 'type', label: 'Type', value: document.type, kind: 'mono' },
						{ id: 'copies', label: 'Copies', value: String(document.copies), note: 'More copies make it harder for verifiers to recognise you.' },
					]}
				/>
			</Disclosure>
		</Stack>
	);
}

interface ExchangeProgressProps {
	readonly id: string;
	readonly label: string;
	readonly onCancel: () => void;
	readonly isCancelling: boolean;
}

function ExchangeProgress({ id, label, onCancel, isCancelling }: ExchangeProgressProps): ReactElement {
	const progress = useProgress(id);
	return (
		<Stack gap={4}>
			<ProgressBar
				label={label}
				value={progress && progress.of > 0 ? progress.done : undefined}
				max={progress?.of}
				valueLabel={progress?.step ?? 'Starting…'}
			/>
			<Inline justify="end">
				<Button onPress={onCancel} isPending={isCancelling}>
					Cancel
				</Button>
			</Inline>
		</Stack>
	);
}

function Resume({
	id,
	back,
	onReceived,
}: {
	readonly id: string;
	readonly back: ReviewProps['back'];
	readonly onReceived: (ids: readonly string[]) => void;
}): ReactElement {
	const resume = useAction('receive.resume');
	const cancel = useAction('exchange.cancel');
	const hasStarted = useRef(false);
	const start = async () => {
		const result = await resume.run({ id });
		if (result.ok) onReceived(result.value.credentialIds);
	};
	// The person pressed "Resume" on the screen before.
	useEffect(() => {
		if (hasStarted.current) return;
		hasStarted.current = true;
		void start();
	});
	return (
		<Screen key="resume" title="Taking up where it stopped" lead="Holdfast asks the issuer for what is still missing." back={resume.pending ? undefined : back}>
			<div className="app-narrow">
				{resume.error ? (
					<Problem title="The document was not received" error={resume.error} onRetry={() => void start()} />
				) : (
					<ExchangeProgress id={id} label="Receiving" onCancel={() => void cancel.run({ id })} isCancelling={cancel.pending} />
				)}
			</div>
		</Screen>
	);
}
