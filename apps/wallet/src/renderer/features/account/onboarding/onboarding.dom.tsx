import { Banner, Button, Inline, PhraseInput, RadioGroup, Stack, Text } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { useNewPassphrase } from '../../../shell/new-passphrase.dom.tsx';
import { RecoveryPhraseFlow } from '../../../shell/recovery-phrase.dom.tsx';
import { CenteredScreen, type ScreenProps } from '../../../shell/screen.dom.tsx';

type Step = 'welcome' | 'create' | 'phrase' | 'restore' | 'done';

const WideScreen = (props: ScreenProps): ReactElement => <CenteredScreen width="46rem" {...props} />;

/** From no wallet to an open one. `onDone` when it is open. */
export function Onboarding({ onDone }: { readonly onDone: () => void }): ReactElement {
	const [step, setStep] = useState<Step>('welcome');
	const [confirmed, setConfirmed] = useState(true);
	// Handed over to the phrase flow, which empties the array when the step ends.
	const words = useRef<string[]>(undefined);
	const toWelcome = { label: 'Back', onNavigate: () => setStep('welcome') };

	switch (step) {
		case 'welcome':
			return <Welcome onCreate={() => setStep('create')} onRestore={() => setStep('restore')} />;
		case 'create':
			return (
				<Create
					back={toWelcome}
					onCreated={(made) => {
						words.current = made;
						setStep('phrase');
					}}
				/>
			);
		case 'phrase':
			return (
				<RecoveryPhraseFlow
					Frame={WideScreen}
					newWords={words.current}
					onDone={(isConfirmed) => {
						words.current = undefined;
						setConfirmed(isConfirmed);
						setStep('done');
					}}
				/>
			);
		case 'restore':
			return <Restore back={toWelcome} onRestored={() => setStep('done')} />;
		case 'done':
			return <Done confirmed={confirmed} onOpen={onDone} />;
	}
}

function Welcome({ onCreate, onRestore }: { readonly onCreate: () => void; readonly onRestore: () => void }): ReactElement {
	return (
		<CenteredScreen
			key="welcome"
			eyebrow="Holdfast"
			title="Your documents, in your own hands"
			lead="Holdfast keeps digital documents on this computer and shows only what you choose. There is no account and no server."
			width="34rem"
		>
			<Stack gap={3}>
				<Button variant="primary" size="large" isWide onPress={onCreate}>
					Create a new wallet
				</Button>
				<Button size="large" isWide onPress={onRestore}>
					Restore from recovery phrase
				</Button>
			</Stack>
		</CenteredScreen>
	);
}

function Create({ back, onCreated }: { readonly back: ScreenProps['back']; readonly onCreated: (words: string[]) => void }): ReactElement {
	const passphrase = useNewPassphrase({ autoFocus: true });
	const create = useAction('vault.create');
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!passphrase.isReady || create.pending) return;
		const result = await create.run({ passphrase: passphrase.value });
		if (!result.ok) return;
		passphrase.clear();
		onCreated(result.value.words);
	};
	return (
		<CenteredScreen
			key="create"
			title="Choose a passphrase"
			lead="It locks the wallet on this computer. Nobody can reset it for you."
			back={back}
			width="30rem"
		>
			<form onSubmit={(event) => void submit(event)}>
				<Stack gap={5}>
					{passphrase.fields}
					<Problem title="The wallet was not created" error={create.error} />
					<Button
						type="submit"
						variant="primary"
						size="large"
						isWide
						isDisabled={!passphrase.isReady}
						isPending={create.pending}
						pendingLabel="Creating your wallet…"
					>
						Create wallet
					</Button>
				</Stack>
			</form>
		</CenteredScreen>
	);
}

const LENGTHS = [
	{ value: '24', label: '24 words' },
	{ value: '12', label: '12 words' },
] as const;

const emptyWords = (length: string): string[] => Array.from({ length: Number(length) }, () => '');

function Restore({ back, onRestored }: { readonly back: ScreenProps['back']; readonly onRestored: () => void }): ReactElement {
	const [length, setLength] = useState<'12' | '24'>('24');
	const [words, setWords] = useState<string[]>(() => emptyWords('24'));
	const passphrase = useNewPassphrase();
	const restore = useAction('vault.restore');
	const isComplete = words.every((word) => word.trim() !== '');

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isComplete || !passphrase.isReady || restore.pending) return;
		const result = await restore.run({ passphrase: passphrase.value, words: words.map((word) => word.trim().toLowerCase()) });
		if (!result.ok) return;
		setWords(emptyWords(length));
		passphrase.clear();
		onRestored();
	};

	// `crypto/mnemonic-word` says which word is not in the list, counted from 1.
	const position = restore.error?.data.position;
	const wrong = typeof position === 'number' ? [position - 1] : [];
	return (
		<WideScreen
			key="restore"
			title="Restore a wallet"
			lead="The recovery phrase brings back your keys and identities. Documents that were only on the other computer have to be issued again."
			back={back}
		>
			<form onSubmit={(event) => void submit(event)}>
				<Stack gap={6}>
					<Stack gap={4}>
						<RadioGroup
							label="Length of the recovery phrase"
							options={LENGTHS}
							value={length}
							onChange={(next) => {
								setLength(next);
								setWords(emptyWords(next).map((_, at) => words[at] ?? ''));
							}}
						/>
						<Text size="sm" tone="muted">
							Type the words in order, or paste the whole phrase into the first field.
						</Text>
						<PhraseInput words={words} onChange={setWords} wrong={wrong} isDisabled={restore.pending} />
					</Stack>
					<div className="app-narrow">{passphrase.fields}</div>
					<Problem title="The wallet was not restored" error={restore.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isDisabled={!isComplete || !passphrase.isReady} isPending={restore.pending} pendingLabel="Restoring…">
							Restore wallet
						</Button>
					</Inline>
				</Stack>
			</form>
		</WideScreen>
	);
}

function Done({ confirmed, onOpen }: { readonly confirmed: boolean; readonly onOpen: () => void }): ReactElement {
	return (
		<CenteredScreen key="done" title="Your wallet is ready" lead="It is empty for now. Add a document when somebody offers you one." width="30rem">
			<Stack gap={5}>
				{!confirmed && (
					<Banner tone="caution" title="The recovery phrase is not checked yet">
						Holdfast will remind you. Until then, make sure that the paper is complete.
					</Banner>
				)}
				<Button variant="primary" size="large" isWide onPress={onOpen} autoFocus>
					Open wallet
				</Button>
			</Stack>
		</CenteredScreen>
	);
}
