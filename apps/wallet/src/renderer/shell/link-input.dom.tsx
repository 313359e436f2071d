import type { ErrorInfo } from '@holdfast/kernel';
import { Button, FileDrop, Inline, Stack, TextArea } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { Problem } from './feedback.dom.tsx';
import { pictureIn, readQrImage } from './qr-image.dom.ts';

export interface LinkInputProps {
	readonly label: string;
	readonly description: string;
	/** Of the picture's drop place. */
	readonly dropLabel: string;
	/** Looks at the text; nothing is accepted by it. */
	readonly onText: (text: string) => void;
	readonly isPending: boolean;
	/** Why the last text was not taken. */
	readonly error: ErrorInfo | undefined;
}

/** Takes a link as text, or as a picture of a QR code that is chosen, dropped or pasted. */
export function LinkInput({ label, description, dropLabel, onText, isPending, error }: LinkInputProps): ReactElement {
	const [text, setText] = useState('');
	const [isReading, setReading] = useState(false);
	const [unread, setUnread] = useState<ErrorInfo>();

	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== '') onText(text.trim());
	};

	const read = async (file: Blob) => {
		setUnread(undefined);
		setReading(true);
		const result = await readQrImage(file);
		setReading(false);
		if (result.ok) {
			setText(result.value.text);
			onText(result.value.text);
		} else setUnread(result.error);
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
				<FileDrop
					label={dropLabel}
					buttonLabel="Choose an image"
					accept="image/png,image/jpeg,image/webp,image/gif,image/bmp"
					onFile={(file) => void read(file)}
					isDisabled={isReading || isPending}
				/>
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
