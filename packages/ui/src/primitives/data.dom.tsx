import { displayText } from '@holdfast/kernel';
import { Fragment, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { imageDataUrl } from '../data-url.ts';
import { middleEllipsis } from '../ellipsis.ts';
import { IconCheck, IconChooseImage, IconCopy, IconShow } from '../icons.dom.tsx';
import { classes } from '../props.ts';
import { Button, IconButton } from './button.dom.tsx';

/** How long "Copied" stays, in milliseconds. */
const COPIED = 2_000;

export interface CopyButtonProps {
	/** What is copied, for the accessible name: "Copy issuer's DID". */
	readonly label: string;
	/** Does the copying; a rejection is announced as "Not copied". */
	readonly onCopy: () => Promise<void> | void;
	/** With words, or only a picture. Default only a picture. */
	readonly variant?: 'icon' | 'words' | undefined;
	readonly size?: 'small' | 'medium' | undefined;
}

/** Copies through the app (the renderer has no clipboard of its own) and says so. */
export function CopyButton({ label, onCopy, variant = 'icon', size = 'small' }: CopyButtonProps): ReactElement {
	const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	const copy = async () => {
		clearTimeout(timer.current);
		try {
			await onCopy();
			setState('copied');
		} catch {
			setState('failed');
		}
		timer.current = setTimeout(() => setState('idle'), COPIED);
	};
	const said = state === 'copied' ? 'Copied' : state === 'failed' ? 'Not copied' : '';
	const picture = state === 'copied' ? IconCheck : IconCopy;
	return (
		<span className={classes('hf-copy', state === 'copied' && 'hf-copy--done')}>
			{variant === 'icon' ? (
				<IconButton icon={picture} label={said === '' ? label : said} size={size} onPress={() => void copy()} />
			) : (
				<Button icon={picture} size={size} onPress={() => void copy()}>
					{said === '' ? label : said}
				</Button>
			)}
			<span role="status" className="hf-visually-hidden">
				{said}
			</span>
		</span>
	);
}

/** One thing that is said: a label and its value. */
export interface KeyValue {
	/** Unique in the list. */
	readonly id: string;
	readonly label: string;
	/** Text is cleaned of invisible characters before it is shown; lists become lines. */
	readonly value: string | readonly string[];
	/** A line under the value: "Hidden from the verifier". */
	readonly note?: string | undefined;
	/** `mono` for identifiers; `image` where the value is a `data:` URL of a picture. */
	readonly kind?: 'text' | 'mono' | 'image' | undefined;
	/** Adds a copy button. */
	readonly onCopy?: (() => Promise<void> | void) | undefined;
	/** Something at the end of the row: a badge, a switch. */
	readonly end?: ReactNode;
}

/** Characters of one value shown before "Show all". */
const LONG_VALUE = 280;
const LONGEST_VALUE = 20_000;

function TextValue({ value, isMono }: { readonly value: string | readonly string[]; readonly isMono: boolean }): ReactElement {
	const [isWhole, setWhole] = useState(false);
	const lines = typeof value === 'string' ? [value] : value;
	const whole = lines.map((line) => displayText(line, LONGEST_VALUE)).join('\n');
	const isLong = whole.length > LONG_VALUE;
	return (
		<div className={classes('hf-kv__value', isMono && 'hf-kv__value--mono')}>
			{isLong && !isWhole ? `${whole.slice(0, LONG_VALUE)}… ` : whole}
			{isLong && (
				<Button variant="quiet" size="small" onPress={() => setWhole(!isWhole)}>
					{isWhole ? 'Show less' : 'Show all'}
				</Button>
			)}
		</div>
	);
}

/** Labels and values, as in a well-set form. */
export function KeyValueList({ items }: { readonly items: readonly KeyValue[] }): ReactElement {
	return (
		<dl className="hf-kv">
			{items.map(({ id, label, value, note, kind = 'text', onCopy, end }) => {
				const picture = kind === 'image' && typeof value === 'string' ? imageDataUrl(value) : undefined;
				const name = displayText(label, 120);
				return (
					<div className="hf-kv__row" key={id}>
						<dt className="hf-kv__label">{name}</dt>
						<dd>
							{picture ? (
								<div className="hf-kv__value hf-kv__value--image">
									<img src={picture} alt={name} />
								</div>
							) : (
								<TextValue value={kind === 'image' ? 'A picture that cannot be shown here' : value} isMono={kind === 'mono'} />
							)}
							{note && <span className="hf-kv__note">{note}</span>}
						</dd>
						{(onCopy || end) && (
							<dd className="hf-kv__tools">
								{end}
								{onCopy && <CopyButton label={`Copy ${name}`} onCopy={onCopy} />}
							</dd>
						)}
					</div>
				);
			})}
		</dl>
	);
}

export interface MonoProps {
	/** A DID, a hash, an address. */
	readonly children: string;
	/** Leave out the middle until asked. Default true. */
	readonly isShort?: boolean | undefined;
	/** Characters kept at each end. */
	readonly start?: number | undefined;
	readonly end?: number | undefined;
	readonly onCopy?: (() => Promise<void> | void) | undefined;
	/** What it is, for the copy button's name. Default "text". */
	readonly label?: string | undefined;
}

/** An identifier in fixed width; pressing it shows it whole. */
export function Mono({ children, isShort = true, start, end, onCopy, label = 'text' }: MonoProps): ReactElement {
	const [isWhole, setWhole] = useState(false);
	const whole = displayText(children, LONGEST_VALUE);
	const short = isShort ? middleEllipsis(whole, start, end) : whole;
	return (
		<span className="hf-mono">
			{short === whole ? (
				<span className="hf-mono__text">{whole}</span>
			) : (
				<button type="button" className="hf-mono__text hf-mono__toggle" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
					{isWhole ? whole : short}
				</button>
			)}
			{onCopy && <CopyButton label={`Copy ${label}`} onCopy={onCopy} />}
		</span>
	);
}

export interface StepperProps {
	readonly steps: readonly string[];
	/** Index of the step at hand. */
	readonly current: number;
}

/** Where one is in a short sequence. */
export function Stepper({ steps, current }: StepperProps): ReactElement {
	return (
		<ol className="hf-steps hf-list-reset" aria-label="Steps">
			{steps.map((step, index) => (
				<li
					key={step}
					className={classes('hf-step', index === current && 'hf-step--current', index < current && 'hf-step--done')}
					aria-current={index === current ? 'step' : undefined}
				>
					<span className="hf-step__mark" aria-hidden>
						{index < current ? <IconCheck className="hf-icon" /> : index + 1}
					</span>
					<span>
						{step}
						{index < current && <span className="hf-visually-hidden"> (done)</span>}
					</span>
				</li>
			))}
		</ol>
	);
}

export interface PhraseGridProps {
	/** 12 or 24 words in order. Pass them only while they are shown, and let go of them after. */
	readonly words: readonly string[];
	readonly isRevealed: boolean;
	/** Asks to show the words; without it there is no button. */
	readonly onReveal?: (() => void) | undefined;
}

/** A recovery phrase to write down. Hidden words are not in the page at all. */
export function PhraseGrid({ words, isRevealed, onReveal }: PhraseGridProps): ReactElement {
	return (
		<div>
			<ol className="hf-phrase hf-list-reset" aria-label="Recovery phrase" translate="no">
				{words.map((word, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a word's place is its identity, and words repeat
					<li className="hf-phrase__word" key={index}>
						<span className="hf-phrase__number">{index + 1}</span>
						{isRevealed ? (
							<span>{word}</span>
						) : (
							<span className="hf-phrase__dots">
								<span aria-hidden>•••••</span>
								<span className="hf-visually-hidden">hidden</span>
							</span>
						)}
					</li>
				))}
			</ol>
			{!isRevealed && onReveal && (
				<div className="hf-phrase__tools">
					<Button icon={IconShow} onPress={onReveal}>
						Show the words
					</Button>
				</div>
			)}
		</div>
	);
}

export interface PhraseInputProps {
	/** One entry per word; its length is the number of fields. */
	readonly words: readonly string[];
	readonly onChange: (words: string[]) => void;
	/** Numbers from 0 of words that are not in the word list. */
	readonly wrong?: readonly number[] | undefined;
	readonly isDisabled?: boolean | undefined;
	/** First word's number minus one and so on, when only some words are asked for. */
	readonly positions?: readonly number[] | undefined;
}

/** Takes a recovery phrase. Password inputs, so that no session restore, spell checker or form history keeps a word. */
export function PhraseInput({ words, onChange, wrong = [], isDisabled = false, positions }: PhraseInputProps): ReactElement {
	const group = useRef<HTMLDivElement>(null);
	const focus = (index: number) => group.current?.querySelectorAll('input')[Math.min(index, words.length - 1)]?.focus();
	const put = (index: number, text: string) => {
		// A pasted or completed phrase spreads over the fields from here on.
		const typed = text.toLowerCase().split(/[\s,]+/u);
		const next = [...words];
		const parts = typed.filter((part) => part !== '');
		if (typed.length === 1) next[index] = typed[0] ?? '';
		else for (const [offset, part] of parts.entries()) if (index + offset < next.length) next[index + offset] = part;
		onChange(next);
		if (typed.length > 1 && parts.length > 0) focus(index + parts.length);
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid container in every engine
		<div className="hf-phrase" role="group" aria-label="Recovery phrase" ref={group}>
			{words.map((word, index) => {
				const number = (positions?.[index] ?? index) + 1;
				return (
					<label key={number} className={classes('hf-phrase__word hf-phrase__word--input', wrong.includes(index) && 'hf-phrase__word--wrong')}>
						<span className="hf-phrase__number" aria-hidden>
							{number}
						</span>
						<input
							type="password"
							aria-label={`Word ${number}`}
							aria-invalid={wrong.includes(index) || undefined}
							autoComplete="off"
							autoCapitalize="off"
							autoCorrect="off"
							spellCheck={false}
							disabled={isDisabled}
							value={word}
							onChange={(event) => put(index, event.currentTarget.value)}
							onPaste={(event) => {
								event.preventDefault();
								put(index, event.clipboardData.getData('text').trim());
							}}
							onKeyDown={(event) => {
								if (event.key === 'Backspace' && word === '' && index > 0) {
									event.preventDefault();
									focus(index - 1);
								}
							}}
						/>
					</label>
				);
			})}
		</div>
	);
}

export interface FileDropProps {
	/** What to bring: "Drop a picture of a QR code here". */
	readonly label: string;
	/** The button's words. Default "Choose a file". */
	readonly buttonLabel?: string | undefined;
	/** MIME types or suffixes, as `<input accept>`. Default images. */
	readonly accept?: string | undefined;
	readonly onFile?: ((file: File) => void) | undefined;
	/** Takes several at once, in place of {@link onFile}. */
	readonly onFiles?: ((files: readonly File[]) => void) | undefined;
	readonly isDisabled?: boolean | undefined;
}

/** A place to drop a file, with a button that does the same from the keyboard. */
export function FileDrop({ label, buttonLabel = 'Choose a file', accept = 'image/*', onFile, onFiles, isDisabled = false }: FileDropProps): ReactElement {
	const input = useRef<HTMLInputElement>(null);
	const [isOver, setOver] = useState(false);
	const labelId = useId();
	const take = (files: FileList | null) => {
		const [first, ...more] = files ?? [];
		if (first === undefined || isDisabled) return;
		onFile?.(first);
		onFiles?.([first, ...more]);
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's shortcut for the button inside
		<div
			className={classes('hf-drop', isOver && 'hf-drop--over')}
			onDragOver={(event) => {
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={() => setOver(false)}
			onDrop={(event) => {
				event.preventDefault();
				setOver(false);
				take(event.dataTransfer.files);
			}}
		>
			<IconChooseImage className="hf-icon" aria-hidden />
			<span className="hf-drop__label" id={labelId}>
				{label}
			</span>
			<span aria-hidden>or</span>
			<Button onPress={() => input.current?.click()} isDisabled={isDisabled} aria-describedby={labelId}>
				{buttonLabel}
			</Button>
			<input
				ref={input}
				type="file"
				accept={accept}
				multiple={onFiles !== undefined}
				hidden
				tabIndex={-1}
				aria-label={buttonLabel}
				onChange={(event) => {
					take(event.currentTarget.files);
					// The same file chosen again must be taken again.
					event.currentTarget.value = '';
				}}
			/>
		</div>
	);
}

/** Text with line breaks kept as paragraphs. Cleaned as all text from outside. */
export function OutsideText({ children, max = 2_000 }: { readonly children: string; readonly max?: number | undefined }): ReactElement {
	return <Fragment>{displayText(children, max)}</Fragment>;
}
