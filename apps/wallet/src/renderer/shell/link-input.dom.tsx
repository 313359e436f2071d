import type { CallOutput } from '@holdfast/contract';
import type { ErrorInfo } from '@holdfast/kernel';
import type { QrMessageKind } from '@holdfast/qr';
import { Button, FileDrop, IconCamera, Inline, ProgressBar, Section, Stack, TextArea } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { call } from './bridge.dom.ts';
import { Problem } from './feedback.dom.tsx';
import { CameraView } from './scan/camera-view.dom.tsx';
import { pictureIn, readQrPicture } from './scan/picture.dom.ts';
import { useScanned } from './scan/scanned.dom.ts';

export interface LinkInputProps {
	readonly label: string;
	readonly description: string;
	/** Of the picture's drop place. */
	readonly dropLabel: string;
	/** Films of codes that may be scanned besides single codes. */
	readonly kinds: readonly QrMessageKind[];
	/** What to hold before the camera. */
	readonly aim: string;
	/** Looks at the text; nothing is accepted by it. */
	readonly onText: (text: string) => void;
	readonly isPending: boolean;
	/** Why the last text was not taken. */
	readonly error: ErrorInfo | undefined;
}

/** A sheet for a whole school has a thousand codes: nobody chooses from so many. */
const MOST_CHOICES = 50;

interface Choice extends CallOutput<'link.classify'> {
	readonly text: string;
}

/** Takes a link as text, from the camera, or as a picture of a QR code that is chosen, dropped or pasted. */
export function LinkInput({ label, description, dropLabel, kinds, aim, onText, isPending, error }: LinkInputProps): ReactElement {
	const [text, setText] = useState('');
	const [isReading, setReading] = useState(false);
	const [isCameraOn, setCameraOn] = useState(false);
	const [unread, setUnread] = useState<ErrorInfo>();
	const [page, setPage] = useState<{ readonly page: number; readonly of: number }>();
	const stopReading = useRef<() => void>(undefined);
	useEffect(() => () => stopReading.current?.(), []);
	const [choices, setChoices] = useState<readonly Choice[]>([]);

	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== '') onText(text.trim());
	};

	const take = (taken: string) => {
		setChoices([]);
		setCameraOn(false);
		setText(taken);
		onText(taken);
	};
	// A picture of one frame is a film that stands still: it says how much is missing.
	const film = useScanned(kinds, take);

	const read = async (file: Blob) => {
		setUnread(undefined);
		setChoices([]);
		setReading(true);
		const controller = new AbortController();
		stopReading.current = () => controller.abort();
		const result = await readQrPicture(file, { signal: controller.signal, onPage: (page, of) => setPage({ page, of }) });
		setReading(false);
		setPage(undefined);
		if (!result.ok) return setUnread(result.error);
		const [only, ...others] = result.value;
		if (only !== undefined && others.length === 0) return film.take([only]);
		const shown = result.value.slice(0, MOST_CHOICES);
		const kindsOf = await Promise.all(shown.map((each) => call('link.classify', { text: each })));
		setChoices(shown.flatMap((each, index) => (kindsOf[index]?.ok ? [{ text: each, ...kindsOf[index].value }] : [])));
	};

	useEffect(() => {
		const paste = (event: ClipboardEvent) => {
			const picture = pictureIn(event.clipboardData);
			if (picture === undefined) return;
			event.preventDefault();
			void read(picture);
		};
		window.addEventListener('paste', paste);
		return () => window.removeEventListener('paste', paste);
	});

	return (
		<form onSubmit={submit}>
			<Stack gap={5}>
				<TextArea label={label} description={description} value={text} onChange={setText} rows={3} isMono autoFocus maxLength={131_072} />
				{isCameraOn ? (
					<Stack gap={3}>
						<CameraView kinds={kinds} onText={take} aim={aim} isPaused={isPending} />
						<Inline justify="end">
							<Button onPress={() => setCameraOn(false)}>Stop the camera</Button>
						</Inline>
					</Stack>
				) : (
					<>
						<Inline>
							<Button icon={IconCamera} onPress={() => setCameraOn(true)} isDisabled={isReading || isPending}>
								Scan with the camera
							</Button>
						</Inline>
						<FileDrop
							label={dropLabel}
							buttonLabel="Choose an image or PDF"
							accept="image/png,image/jpeg,image/webp,image/gif,image/bmp,application/pdf,.pdf"
							onFile={(file) => void read(file)}
							isDisabled={isReading || isPending}
						/>
					</>
				)}
				{page !== undefined && page.of > 1 && (
					<Stack gap={3}>
						<ProgressBar label="Reading the PDF" value={page.page} max={page.of} valueLabel={`Page ${page.page} of ${page.of}`} />
						<Inline justify="end">
							<Button onPress={() => stopReading.current?.()}>Stop</Button>
						</Inline>
					</Stack>
				)}
				{choices.length > 1 && (
					<Section title="There are several codes in it" description="Choose the one that you mean.">
						<ul className="app-rows hf-list-reset" aria-label="Codes that were found">
							{choices.map((choice) => (
								<li key={choice.text} className="app-row">
									<div className="app-row__words">
										<strong>{choice.words}</strong>
										<p className="app-mono">{choice.text.length > 80 ? `${choice.text.slice(0, 80)}…` : choice.text}</p>
									</div>
									<Button size="small" onPress={() => take(choice.text)} aria-label={`Use: ${choice.words}`}>
										Use
									</Button>
								</li>
							))}
						</ul>
					</Section>
				)}
				{(film.progress ?? film.hint) !== undefined && (
					<p role="status" className="app-wait">
						{film.progress === undefined
							? film.hint
							: `This is one of a film of codes: ${film.progress.have} of ${film.progress.of} parts are there. Scan the film with the camera.`}
					</p>
				)}
				<Problem title="No QR code was read" error={unread} />
				<Problem error={error} />
				<Inline justify="end">
					<Button
						type="submit"
						variant="primary"
						isDisabled={text.trim() === ''}
						isPending={isPending || isReading}
						pendingLabel={isReading ? 'Reading the picture…' : 'Looking…'}
					>
						Continue
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}
