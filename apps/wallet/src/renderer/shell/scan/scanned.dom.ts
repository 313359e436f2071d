import { MessageReader, type QrMessageKind, unpackMessage } from '@holdfast/qr';
import { useCallback, useRef, useState } from 'react';

/** How far a film of codes has been read. */
export interface FilmProgress {
	readonly have: number;
	readonly of: number;
}

export interface Scanned {
	/** For the camera, or for the codes of a picture. */
	readonly take: (texts: readonly string[]) => void;
	/** Undefined while no film is being read. */
	readonly progress: FilmProgress | undefined;
	/** What was wrong with the last thing that was scanned, in words. */
	readonly hint: string | undefined;
	readonly clear: () => void;
}

/** Texts that a camera reads again and again are passed on once in this time. */
const SAME_AGAIN_MS = 3000;

/**
 * Tells films of codes from single codes and puts the former together. `onText` gets the text of a code that is not part of a film,
 * or of a whole film; whoever gets it treats it as hostile.
 */
export function useScanned(kinds: readonly QrMessageKind[], onText: (text: string) => void): Scanned {
	const reader = useRef<MessageReader>(undefined);
	const last = useRef({ text: '', at: 0 });
	const [progress, setProgress] = useState<FilmProgress>();
	const [hint, setHint] = useState<string>();

	const pass = (text: string) => {
		const now = performance.now();
		if (text === last.current.text && now - last.current.at < SAME_AGAIN_MS) return;
		last.current = { text, at: now };
		onText(text);
	};

	const take = (texts: readonly string[]) => {
		reader.current ??= new MessageReader(kinds);
		for (const text of texts) {
			const report = reader.current.take(text);
			switch (report.state) {
				case 'progress':
					setProgress({ have: report.have, of: report.of });
					setHint(undefined);
					break;
				case 'complete':
					setProgress(undefined);
					unpackMessage(report.cbor).then(pass, () => setHint('This film of codes could not be read. Show it from the beginning.'));
					break;
				case 'foreign':
					setHint('This is a film of codes for another purpose. Nothing was done with it.');
					break;
				case 'none':
					// A damaged frame of a film is no text to act on.
					if (!/^ur:/i.test(text)) pass(text);
			}
		}
	};

	const clear = useCallback(() => {
		reader.current?.clear();
		last.current = { text: '', at: 0 };
		setProgress(undefined);
		setHint(undefined);
	}, []);
	return { take, progress, hint, clear };
}
