import type { Collection, OwnershipReview } from '@holdfast/contract';
import { Button, Inline, Stack, Tabs, TextArea } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { NoCollection } from '../no-collection.dom.tsx';
import { ReviewSheet } from '../review-sheet.dom.tsx';
import { Check } from './check.dom.tsx';
import { Choose } from './choose.dom.tsx';
import type { Known } from './group.dom.tsx';
import { Link } from './link.dom.tsx';
import { NewGroup } from './new-group.dom.tsx';

type Tab = 'link' | 'choose' | 'check' | 'new';

type Step =
	| { readonly name: 'forms' }
	| { readonly name: 'link' | 'choice'; readonly review: OwnershipReview }
	| { readonly name: 'linked' | 'chosen'; readonly text: string };

const MADE = {
	linked: {
		title: 'Your statement',
		lead: 'Give it to whoever keeps the list, or publish it yourself. It counts once it is in the list that everybody uses.',
		label: 'Statement',
	},
	chosen: {
		title: 'Your choice',
		lead: 'Send it to whoever counts. It holds no name, no address and no token; how you send it may still say who you are.',
		label: 'Proof of your choice',
	},
} as const;

/** Everything about choices of owners who are not named: take part, choose, check, and start a group. */
export function UnnamedScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const collections = useQuery('assets.list', {}, ['assets']);
	const found = collections.status === 'ready' ? collections.value.find((each) => each.id === id) : undefined;
	const [step, setStep] = useState<Step>({ name: 'forms' });
	const [tab, setTab] = useState<Tab>('link');
	const [known, setKnown] = useState<Known>({ group: '', statements: '', token: '', purpose: '', choice: '' });
	const toForms = () => setStep({ name: 'forms' });
	if (step.name === 'link') return <LinkReview review={step.review} onBack={toForms} onMade={(text) => setStep({ name: 'linked', text })} />;
	if (step.name === 'choice') return <ChoiceReview review={step.review} onBack={toForms} onMade={(text) => setStep({ name: 'chosen', text })} />;
	if (step.name === 'linked' || step.name === 'chosen') return <Made {...MADE[step.name]} text={step.text} onDone={toForms} />;
	return (
		<Screen
			key="forms"
			title="Take part without being named"
			lead="Owners of a collection say once, in public, that they take part. Later each can choose, and nobody sees who chose what."
			back={{ label: found?.name ?? 'Collection', onNavigate: () => go(paths.collection(id)) }}
		>
			<Loaded query={collections} what="this collection">
				{() =>
					found ? (
						<Forms collection={found} tab={tab} onTab={setTab} known={known} onKnown={setKnown} onReview={(name, review) => setStep({ name, review })} />
					) : (
						<NoCollection />
					)
				}
			</Loaded>
		</Screen>
	);
}

interface FormsProps {
	readonly collection: Collection;
	readonly tab: Tab;
	readonly onTab: (tab: Tab) => void;
	readonly known: Known;
	readonly onKnown: (known: Known) => void;
	readonly onReview: (kind: 'link' | 'choice', review: OwnershipReview) => void;
}

function Forms({ collection, tab, onTab, known, onKnown, onReview }: FormsProps): ReactElement {
	const both = { known, onKnown };
	return (
		<Tabs
			label="What to do"
			selected={tab}
			onSelect={onTab}
			items={[
				{ id: 'link', label: 'Take part', content: <Link {...both} onReview={(review) => onReview('link', review)} /> },
				{ id: 'choose', label: 'Choose', content: <Choose {...both} onReview={(review) => onReview('choice', review)} /> },
				{ id: 'check', label: 'Check a choice', content: <Check {...both} /> },
				{
					id: 'new',
					label: 'Start a group',
					content: <NewGroup collection={collection} onMade={(group) => onKnown({ ...known, group, statements: '', file: undefined, rebuilt: undefined })} />,
				},
			]}
		/>
	);
}

interface ReviewProps {
	readonly review: OwnershipReview;
	readonly onBack: () => void;
	readonly onMade: (text: string) => void;
}

function LinkReview({ review, onBack, onMade }: ReviewProps): ReactElement {
	const approve = useAction('owners.approveLink');
	const discard = useAction('owners.discard');
	const confirm = async () => {
		const result = await approve.run({ id: review.id });
		if (result.ok) onMade(result.value.statement);
	};
	return (
		<ReviewSheet
			title="Review what you sign"
			review={review}
			hidden="Your other accounts, your documents and your name are not in it."
			problem="The statement was not signed"
			error={approve.error}
			isApproving={approve.pending}
			isDiscarding={discard.pending}
			onApprove={() => void confirm()}
			onBack={() => void discard.run({ id: review.id }).then(onBack)}
		/>
	);
}

function ChoiceReview({ review, onBack, onMade }: ReviewProps): ReactElement {
	const approve = useAction('owners.approveChoice');
	const discard = useAction('owners.discard');
	const confirm = async () => {
		const result = await approve.run({ id: review.id });
		if (result.ok) onMade(result.value.text);
	};
	return (
		<ReviewSheet
			title="Review your choice"
			review={review}
			hidden="Your address, your token and your name are not in it."
			problem="The proof was not made"
			error={approve.error}
			working="Making the proof"
			isApproving={approve.pending}
			isDiscarding={discard.pending}
			onApprove={() => void confirm()}
			onBack={() => void discard.run({ id: review.id }).then(onBack)}
		/>
	);
}

interface MadeProps {
	readonly title: string;
	readonly lead: string;
	readonly label: string;
	readonly text: string;
	readonly onDone: () => void;
}

function Made({ title, lead, label, text, onDone }: MadeProps): ReactElement {
	return (
		<Screen key="made" title={title} lead={lead}>
			<Stack gap={4}>
				<TextArea label={label} value={text} onChange={() => undefined} isReadOnly isMono rows={10} />
				<Inline justify="end">
					<Button onPress={onDone}>Done</Button>
					<Button variant="primary" onPress={() => void copyText(text)} autoFocus>
						Copy
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
