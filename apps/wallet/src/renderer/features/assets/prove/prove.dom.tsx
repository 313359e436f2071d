import type { Collection, OwnershipReview } from '@holdfast/contract';
import { Button, Inline, KeyValueList, Stack, TextArea, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { NoCollection } from '../no-collection.dom.tsx';
import { ReviewSheet } from '../review-sheet.dom.tsx';

type Step = { readonly name: 'form' } | { readonly name: 'review'; readonly review: OwnershipReview } | { readonly name: 'made'; readonly bundle: string };

/** A proof for somebody who does not ask through a link: three answers, a review, a text to hand over. */
export function ProveScreen({ id, tokenId, wallet }: { readonly id: string; readonly tokenId: string; readonly wallet?: string }): ReactElement {
	const [, go] = useLocation();
	const collections = useQuery('assets.list', {}, ['assets']);
	const found = collections.status === 'ready' ? collections.value.find((each) => each.id === id) : undefined;
	const [step, setStep] = useState<Step>({ name: 'form' });
	const [draft, setDraft] = useState({ verifier: '', nonce: '', purpose: '' });
	const toCollection = () => go(paths.collection(id));
	if (step.name === 'review') {
		return <Review review={step.review} onBack={() => setStep({ name: 'form' })} onMade={(bundle) => setStep({ name: 'made', bundle })} />;
	}
	if (step.name === 'made') return <Made bundle={step.bundle} onDone={toCollection} />;
	return (
		<Screen
			key="form"
			title="Prove a token"
			lead="For somebody who gave you a code. Whoever sends you a link instead is answered under Present."
			back={{ label: found?.name ?? 'Collection', onNavigate: toCollection }}
		>
			<Loaded query={collections} what="this collection">
				{() =>
					found ? (
						<Form
							collection={found}
							tokenId={tokenId}
							wallet={wallet}
							draft={draft}
							onDraft={setDraft}
							onReview={(review) => setStep({ name: 'review', review })}
						/>
					) : (
						<NoCollection />
					)
				}
			</Loaded>
		</Screen>
	);
}

interface Draft {
	readonly verifier: string;
	readonly nonce: string;
	readonly purpose: string;
}

interface FormProps {
	readonly collection: Collection;
	readonly tokenId: string;
	/** The wallet that has it, where it is not the collection's account. */
	readonly wallet: string | undefined;
	readonly draft: Draft;
	readonly onDraft: (draft: Draft) => void;
	readonly onReview: (review: OwnershipReview) => void;
}

function Form({ collection, tokenId, wallet, draft, onDraft, onReview }: FormProps): ReactElement {
	const prepare = useAction('ownership.prepare');
	const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
	const isReady = draft.verifier.trim() !== '' && draft.nonce.trim() !== '';
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || prepare.pending) return;
		const result = await prepare.run({
			collectionId: collection.id,
			tokenId,
			...(wallet === undefined ? {} : { wallet }),
			verifier: draft.verifier.trim(),
			nonce: draft.nonce.trim(),
			purpose: draft.purpose.trim(),
		});
		if (result.ok) onReview(result.value);
	};
	return (
		<form className="app-narrow" onSubmit={(event) => void submit(event)}>
			<Stack gap={4}>
				<KeyValueList
					items={[
						{ id: 'collection', label: 'Collection', value: collection.name },
						{ id: 'token', label: 'Token', value: tokenId, kind: 'mono' },
						...(wallet === undefined ? [] : [{ id: 'wallet', label: 'In the wallet', value: wallet, kind: 'mono' as const }]),
					]}
				/>
				<TextField
					label="Who asks"
					description="Exactly as they call themselves. The proof is worth nothing to anybody else."
					value={draft.verifier}
					onChange={(verifier) => set({ verifier })}
					maxLength={2048}
					autoFocus
				/>
				<TextField
					label="Their code"
					description="What they gave you for this one request."
					value={draft.nonce}
					onChange={(nonce) => set({ nonce })}
					isMono
					maxLength={512}
				/>
				<TextField
					label="Purpose"
					isOptional
					description="What it is for. You sign it."
					value={draft.purpose}
					onChange={(purpose) => set({ purpose })}
					maxLength={300}
				/>
				<Problem title="The proof was not prepared" error={prepare.error} />
				<Inline justify="end">
					<Button type="submit" variant="primary" isPending={prepare.pending} pendingLabel="Reading the chain…" isDisabled={!isReady}>
						Continue
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}

function Review({
	review,
	onBack,
	onMade,
}: {
	readonly review: OwnershipReview;
	readonly onBack: () => void;
	readonly onMade: (bundle: string) => void;
}): ReactElement {
	const approve = useAction('ownership.approve');
	const discard = useAction('ownership.discard');
	const back = () => void discard.run({ id: review.id }).then(onBack);
	const confirm = async () => {
		const result = await approve.run({ id: review.id });
		if (result.ok) onMade(result.value.bundle);
	};
	return (
		<ReviewSheet
			title="Review what you sign"
			review={review}
			hidden="Your other accounts, your documents and your name are not in it."
			problem="The proof was not made"
			error={approve.error}
			isApproving={approve.pending}
			isDiscarding={discard.pending}
			onApprove={() => void confirm()}
			onBack={back}
		/>
	);
}

function Made({ bundle, onDone }: { readonly bundle: string; readonly onDone: () => void }): ReactElement {
	return (
		<Screen key="made" title="Your proof" lead="Give it to whoever asked. It is good for a quarter of an hour, and for them alone.">
			<Stack gap={4}>
				<TextArea label="Proof" value={bundle} onChange={() => undefined} isReadOnly isMono rows={10} />
				<Inline justify="end">
					<Button onPress={onDone}>Back to the collection</Button>
					<Button variant="primary" onPress={() => void copyText(bundle)} autoFocus>
						Copy proof
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
