import { systemRandom } from '@holdfast/kernel';
import { Banner, Button, CopyButton, Disclosure, Inline, PasswordField, PhraseGrid, PhraseInput, Stack, Text } from '@holdfast/ui';
import { type ComponentType, type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useAction } from './calls.dom.ts';
import { copyText } from './copy.dom.tsx';
import { Problem } from './feedback.dom.tsx';
import { pickPositions } from './positions.ts';
import type { ScreenProps } from './screen.dom.tsx';

const ASKED = 3;

/**
 * Holds the words while they are on the screen. They live in one array that is emptied in place, so that
 * whatever of React still points at it points at nothing; they never go into a component's state.
 */
class WordBox {
	#words: string[] = [];

	get words(): readonly string[] {
		return this.#words;
	}

	fill(words: string[]): void {
		this.wipe();
		this.#words = words;
	}

	wipe(): void {
		this.#words.fill('');
		this.#words.length = 0;
	}
}

type Step = 'ask' | 'show' | 'confirm';

export interface RecoveryPhraseFlowProps {
	/** The screen that each step stands in. */
	readonly Frame: ComponentType<ScreenProps>;
	/** The words of a wallet just made; they are taken over and wiped here. Without it the passphrase is asked for first. */
	readonly newWords?: string[] | undefined;
	readonly onDone: (confirmed: boolean) => void;
	readonly back?: ScreenProps['back'];
}

/** Shows the recovery phrase once, then asks for three of its words. */
export function RecoveryPhraseFlow({ Frame, newWords, onDone, back }: RecoveryPhraseFlowProps): ReactElement {
	const box = useRef<WordBox>(undefined);
	if (box.current === undefined) {
		box.current = new WordBox();
		if (newWords) box.current.fill(newWords);
	}
	const held = box.current;
	const [step, setStep] = useState<Step>(newWords ? 'show' : 'ask');
	const [count, setCount] = useState(newWords?.length ?? 24);

	if (step === 'ask') {
		return (
			<AskStep
				Frame={Frame}
				back={back}
				onWords={(words) => {
					setCount(words.length);
					held.fill(words);
					setStep('show');
				}}
			/>
		);
	}
	if (step === 'show') {
		return (
			<ShowStep
				Frame={Frame}
				held={held}
				onWritten={() => {
					held.wipe();
					setStep('confirm');
				}}
			/>
		);
	}
	return <ConfirmStep Frame={Frame} count={count} onDone={onDone} onAgain={() => setStep('ask')} />;
}

function AskStep({
	Frame,
	back,
	onWords,
}: {
	readonly Frame: ComponentType<ScreenProps>;
	readonly back?: ScreenProps['back'];
	readonly onWords: (words: string[]) => void;
}): ReactElement {
	const [passphrase, setPassphrase] = useState('');
	const reveal = useAction('vault.revealPhrase');
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (passphrase === '') return;
		const result = await reveal.run({ passphrase });
		setPassphrase('');
		if (result.ok) onWords(result.value.words);
	};
	return (
		<Frame
			key="ask"
			title="Show the recovery phrase"
			lead="Whoever reads these words has your wallet. Make sure that nobody looks over your shoulder."
			back={back}
		>
			<form className="app-narrow" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<PasswordField label="Passphrase" value={passphrase} onChange={setPassphrase} autoFocus maxLength={1024} />
					<Problem error={reveal.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isPending={reveal.pending} isDisabled={passphrase === ''}>
							Continue
						</Button>
					</Inline>
				</Stack>
			</form>
		</Frame>
	);
}

function ShowStep({
	Frame,
	held,
	onWritten,
}: {
	readonly Frame: ComponentType<ScreenProps>;
	readonly held: WordBox;
	readonly onWritten: () => void;
}): ReactElement {
	const [isRevealed, setRevealed] = useState(false);
	// The wallet locking or the window closing takes the step away without a press.
	useEffect(() => {
		const wipe = () => held.wipe();
		window.addEventListener('pagehide', wipe);
		return () => window.removeEventListener('pagehide', wipe);
	}, [held]);
	return (
		<Frame
			key="show"
			title="Write down your recovery phrase"
			lead="These words are the only way back to your keys if this computer is lost. Later they are shown only for your passphrase."
		>
			<Stack gap={5}>
				<Banner tone="caution" title="Paper, not pictures">
					Write the words down in order and keep them where only you look. Do not photograph them, and never type them into a website or tell them to anybody:
					no one from Holdfast will ask.
				</Banner>
				<PhraseGrid words={held.words} isRevealed={isRevealed} onReveal={() => setRevealed(true)} />
				{isRevealed && (
					<Disclosure label="I cannot write them down now">
						<Stack gap={3}>
							<Text size="sm" tone="muted">
								Other programs can read the clipboard. If you copy the words, put them straight into a password manager. Holdfast clears the clipboard after 30
								seconds.
							</Text>
							<div>
								<CopyButton label="Copy recovery phrase" variant="words" onCopy={() => copyText(held.words.join(' '), true)} />
							</div>
						</Stack>
					</Disclosure>
				)}
				<Inline justify="end">
					<Button variant="primary" isDisabled={!isRevealed} onPress={onWritten}>
						I have written it down
					</Button>
				</Inline>
			</Stack>
		</Frame>
	);
}

interface ConfirmStepProps {
	readonly Frame: ComponentType<ScreenProps>;
	readonly count: number;
	readonly onDone: (confirmed: boolean) => void;
	readonly onAgain: () => void;
}

function ConfirmStep({ Frame, count, onDone, onAgain }: ConfirmStepProps): ReactElement {
	const [positions] = useState(() => pickPositions(ASKED, count, systemRandom));
	const [answers, setAnswers] = useState<readonly string[]>(() => positions.map(() => ''));
	const [isWrong, setWrong] = useState(false);
	const confirm = useAction('vault.confirmPhrase');
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setWrong(false);
		const result = await confirm.run({ answers: positions.map((position, index) => ({ position, word: (answers[index] ?? '').trim().toLowerCase() })) });
		setAnswers(positions.map(() => ''));
		if (result.ok && result.value.confirmed) onDone(true);
		else setWrong(result.ok);
	};
	return (
		<Frame key="confirm" title="Check what you wrote" lead="Type three of the words from your paper.">
			<form onSubmit={(event) => void submit(event)}>
				<Stack gap={5}>
					<PhraseInput words={answers} positions={positions.map((position) => position - 1)} onChange={setAnswers} />
					{isWrong && (
						<Banner tone="negative" role="alert" title="Not all three are right">
							Compare number and spelling with your paper and type them again. If a word on the paper is wrong, show the phrase again.
						</Banner>
					)}
					<Problem error={confirm.error} />
					<Inline justify="between">
						<Inline>
							<Button variant="quiet" onPress={onAgain}>
								Show the phrase again
							</Button>
							<Button variant="quiet" onPress={() => onDone(false)}>
								Check later
							</Button>
						</Inline>
						<Button type="submit" variant="primary" isPending={confirm.pending} isDisabled={answers.some((word) => word.trim() === '')}>
							Continue
						</Button>
					</Inline>
				</Stack>
			</form>
		</Frame>
	);
}
