import type { Answer, CallOutput, PresentReview } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import {
	Banner,
	Button,
	Checkbox,
	Disclosure,
	DisclosureList,
	EmptyState,
	IconDocuments,
	Inline,
	PartyCard,
	ProgressBar,
	RadioGroup,
	ReportTree,
	Section,
	Stack,
	Text,
	VerdictPanel,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { call } from '../../../shell/bridge.dom.ts';
import { useAction, useProgress } from '../../../shell/calls.dom.ts';
import { partyCard } from '../../../shell/faces.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { formatClock, listOf } from '../../../shell/format.ts';
import { useHandedOver, useHandOver } from '../../../shell/handoff.dom.tsx';
import { LinkInput } from '../../../shell/link-input.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { pathKey, validityWords } from '../../../shell/words.ts';
import { activeQueries, answerableOptions, choicesOf, firstSelection, optionalQueries, type Selection, toldBy } from './selection.ts';

type Delivery = CallOutput<'present.approve'>;

type Step =
	| { readonly name: 'link' }
	| { readonly name: 'review'; readonly review: PresentReview }
	| { readonly name: 'shared'; readonly review: PresentReview; readonly shared: readonly string[]; readonly delivery: Delivery }
	| { readonly name: 'refused'; readonly review: PresentReview };

/** From somebody's request to an answer, or to a refusal. */
export function PresentScreen(): ReactElement {
	const [, go] = useLocation();
	const handOver = useHandOver();
	const [step, setStep] = useState<Step>({ name: 'link' });
	const [isLooking, setLooking] = useState(false);
	const [error, setError] = useState<ErrorInfo>();

	const look = async (text: string) => {
		setError(undefined);
		setLooking(true);
		const about = await call('link.classify', { text });
		if (about.ok && (about.value.kind === 'credential-offer' || about.value.kind === 'credential')) {
			handOver({ to: 'receive', kind: 'text', text });
			go(paths.receive);
			return;
		}
		const review = await call('present.open', { text });
		setLooking(false);
		if (review.ok) setStep({ name: 'review', review: review.value });
		else setError(review.error);
	};

	useHandedOver('present', (left) => {
		if (left.kind === 'text') void look(left.text);
	});

	const again = () => setStep({ name: 'link' });
	switch (step.name) {
		case 'link':
			return (
				<Screen
					key="link"
					title="Present"
					lead="Somebody asks for a document? Paste their link, or bring a picture of their QR code. You decide what they see."
				>
					<div className="app-narrow">
						<LinkInput
							label="Request link"
							description="Nothing is sent before you have read who asks, and agreed."
							dropLabel="Drop or paste a picture of the QR code"
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
					onShared={(shared, delivery) => setStep({ name: 'shared', review: step.review, shared, delivery })}
					onRefused={() => setStep({ name: 'refused', review: step.review })}
					onBack={again}
				/>
			);
		case 'shared':
			return <Shared verifier={step.review.verifier.name} shared={step.shared} delivery={step.delivery} onDone={() => go(paths.wallet)} />;
		case 'refused':
			return (
				<Screen
					key="refused"
					title="You refused"
					lead={`${step.review.verifier.name} was told that you refuse, and learned nothing else.`}
					action={
						<Button variant="primary" onPress={() => go(paths.wallet)} autoFocus>
							Go to wallet
						</Button>
					}
				>
					<div>
						<Button onPress={again}>Answer another request</Button>
					</div>
				</Screen>
			);
	}
}

interface ReviewProps {
	readonly review: PresentReview;
	readonly onShared: (shared: readonly string[], delivery: Delivery) => void;
	readonly onRefused: () => void;
	readonly onBack: () => void;
}

function Review({ review, onShared, onRefused, onBack }: ReviewProps): ReactElement {
	const [selection, setSelection] = useState<Selection>(() => firstSelection(review));
	const approve = useAction('present.approve');
	const refuse = useAction('present.refuse');
	const active = activeQueries(review, selection);
	const choices = choicesOf(review, selection);
	const told = active.map((query) => ({ query, ...toldBy(query, selection) }));
	const missing = review.queries.filter((query) => query.missing !== null && query.candidates.length === 0);
	const { verifier } = review;

	const share = async () => {
		if (choices === null) return;
		const result = await approve.run({ id: review.id, choices });
		if (result.ok)
			onShared(
				told.flatMap(({ learned }) => learned.map((line) => line.label)),
				result.value,
			);
	};

	const lead =
		review.purpose === null
			? `${verifier.name} asks to see something. Read who asks and what they would learn.`
			: `${verifier.name} says why: “${review.purpose}”`;
	return (
		<Screen key="review" title="Review the request" lead={lead} back={approve.pending ? undefined : { label: 'Present', onNavigate: onBack }}>
			<Stack gap={6}>
				<PartyCard {...partyCard(verifier, 'Asks')}>
					<Disclosure label="How Holdfast knows who asks">
						<ReportTree report={review.identification} label="How the asking party was identified" />
					</Disclosure>
				</PartyCard>
				{review.warnings.map((warning) => (
					<Banner key={warning} tone="caution">
						{warning}
					</Banner>
				))}

				{!review.canAnswer && <Missing missing={missing} />}

				{review.canAnswer && (
					<>
						<Sets review={review} selection={selection} onChange={setSelection} />
						{active.map((query) => (
							<Query key={query.queryId} query={query} selection={selection} onChange={setSelection} />
						))}
						<Optional review={review} selection={selection} onChange={setSelection} />
						{active.length > 0 && (
							<DisclosureList
								learnTitle="They will learn"
								hiddenTitle="Stays hidden"
								learnNothing="Only that you hold such a document."
								learn={told.flatMap(({ query, learned }) =>
									learned.map((line) => ({ ...item(query.queryId, line), note: line.disclosable ? undefined : 'Always shown with this document' })),
								)}
								hidden={told.flatMap(({ query, hidden }) => hidden.map((line) => item(query.queryId, line)))}
							/>
						)}
						{approve.pending && <Sending id={review.id} />}
					</>
				)}

				<Problem title="The answer did not arrive" error={approve.error} />
				<Problem title="The refusal did not arrive" error={refuse.error} />
				{!approve.pending && (
					<Inline justify="between">
						<Text as="span" size="sm" tone="muted">
							{review.expiresAt !== null && `They wait until ${formatClock(review.expiresAt)}.`}
						</Text>
						<Inline>
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
							{review.canAnswer && (
								<Button variant="primary" isDisabled={choices === null} onPress={() => void share()}>
									Share
								</Button>
							)}
						</Inline>
					</Inline>
				)}
			</Stack>
		</Screen>
	);
}

const item = (
	queryId: string,
	line: { readonly path: readonly (string | number | null)[]; readonly label: string; readonly value: string; readonly kind: string },
) => ({
	id: `${queryId} ${pathKey(line.path)}`,
	label: line.label,
	value: line.kind === 'image' ? 'A picture' : line.value,
});

function Missing({ missing }: { readonly missing: PresentReview['queries'] }): ReactElement {
	return (
		<EmptyState icon={IconDocuments} title="Nothing in your wallet answers this">
			<ul className="app-list">
				{missing.map((query) => (
					<li key={query.queryId}>
						<strong>{query.asks}</strong>
						<br />
						{query.missing}
					</li>
				))}
			</ul>
		</EmptyState>
	);
}

interface PartProps {
	readonly selection: Selection;
	readonly onChange: (selection: Selection) => void;
}

function Sets({ review, selection, onChange }: PartProps & { readonly review: PresentReview }): ReactElement {
	const asks = (ids: readonly string[]) => listOf(ids.map((id) => review.queries.find((query) => query.queryId === id)?.asks ?? id));
	return (
		<>
			{review.sets.map((set, index) => {
				const answerable = answerableOptions(review, set);
				const choose = (value: string) =>
					onChange({ ...selection, options: selection.options.map((old, at) => (at === index ? (value === 'none' ? null : Number(value)) : old)) });
				// One way to answer, and it must be answered: nothing to choose.
				if (set.required && set.options.length === 1) return null;
				const options = set.options.map((option, at) => ({
					value: String(at),
					label: asks(option),
					...(answerable.includes(at) ? {} : { description: 'Not in your wallet', isDisabled: true }),
				}));
				return (
					<RadioGroup
						// biome-ignore lint/suspicious/noArrayIndexKey: a set's place in the request is its identity
						key={index}
						label={set.required ? 'They accept one of these' : 'You may add'}
						description={set.purpose ?? undefined}
						variant="cards"
						options={set.required ? options : [...options, { value: 'none', label: 'Nothing' }]}
						value={selection.options[index] === null ? (set.required ? undefined : 'none') : String(selection.options[index])}
						onChange={choose}
					/>
				);
			})}
		</>
	);
}

/** Where the only answer to a query comes from. */
function sourceWords({ kind, appearance, subtitle, issuer }: Answer): string {
	const what = subtitle === '' ? appearance.name : `${appearance.name} (${subtitle})`;
	return kind === 'token' ? `With your ${what}, on ${issuer.name}.` : `From your ${what}, issued by ${issuer.name}.`;
}

function Query({ query, selection, onChange }: PartProps & { readonly query: PresentReview['queries'][number] }): ReactElement {
	const only = query.candidates.length === 1 ? query.candidates[0] : undefined;
	return (
		<Section title={query.asks}>
			{only ? (
				<Text tone="muted">{sourceWords(only.credential)}</Text>
			) : (
				<RadioGroup
					label="Answer with"
					variant="cards"
					options={query.candidates.map(({ credential }) => ({
						value: credential.id,
						label: credential.subtitle ? `${credential.appearance.name}: ${credential.subtitle}` : credential.appearance.name,
						description: credential.kind === 'token' ? `On ${credential.issuer.name}.` : `${credential.issuer.name}. ${validityWords(credential)}.`,
					}))}
					value={selection.credentials[query.queryId]}
					onChange={(credentialId) => onChange({ ...selection, credentials: { ...selection.credentials, [query.queryId]: credentialId } })}
				/>
			)}
		</Section>
	);
}

function Optional({ review, selection, onChange }: PartProps & { readonly review: PresentReview }): ReactElement | null {
	const optional = optionalQueries(review);
	if (optional.length === 0) return null;
	return (
		<Section title="They would also like" description="You can leave these out.">
			<Stack gap={2}>
				{optional.map((query) => (
					<Checkbox
						key={query.queryId}
						isSelected={selection.optedIn.includes(query.queryId)}
						isDisabled={query.candidates.length === 0}
						description={query.candidates.length === 0 ? (query.missing ?? 'Not in your wallet') : undefined}
						onChange={(isSelected) =>
							onChange({
								...selection,
								optedIn: isSelected ? [...selection.optedIn, query.queryId] : selection.optedIn.filter((each) => each !== query.queryId),
							})
						}
					>
						{query.asks}
					</Checkbox>
				))}
			</Stack>
		</Section>
	);
}

function Sending({ id }: { readonly id: string }): ReactElement {
	const progress = useProgress(id);
	const cancel = useAction('exchange.cancel');
	return (
		<Stack gap={3}>
			<ProgressBar
				label="Sharing"
				value={progress && progress.of > 0 ? progress.done : undefined}
				max={progress?.of}
				valueLabel={progress?.step ?? 'Signing…'}
			/>
			<Inline justify="end">
				<Button isPending={cancel.pending} onPress={() => void cancel.run({ id })}>
					Cancel
				</Button>
			</Inline>
		</Stack>
	);
}

interface SharedProps {
	readonly verifier: string;
	readonly shared: readonly string[];
	readonly delivery: Delivery;
	readonly onDone: () => void;
}

function Shared({ verifier, shared, delivery, onDone }: SharedProps): ReactElement {
	const open = useAction('app.openExternal');
	const { redirectUri, delivered } = delivery;
	const isWeb = redirectUri?.startsWith('https://') === true;
	return (
		<Screen key="shared" title={delivered ? 'Shared' : 'Sent, without an answer'}>
			<Stack gap={5}>
				<VerdictPanel
					verdict={delivered ? 'passed' : 'warning'}
					title={delivered ? `${verifier} has your answer` : 'Your answer was sent'}
					reason={
						delivered
							? `They learned: ${listOf(shared) || 'only that you hold such a document'}.`
							: `${verifier} did not confirm that it arrived. Ask them before you try again.`
					}
				/>
				<Problem error={open.error} />
				<Inline justify="end">
					{isWeb && redirectUri !== null && (
						<Button isPending={open.pending} onPress={() => void open.run({ url: redirectUri })}>
							Continue in the browser
						</Button>
					)}
					<Button variant="primary" onPress={onDone} autoFocus>
						Go to wallet
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
