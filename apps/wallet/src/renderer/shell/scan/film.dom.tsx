import { encodeMessage, encodeQr, type QrFrames, type QrMessageKind, sizeForDistance } from '@holdfast/qr';
import { Button, Inline, QrView, Select, Spinner, Stack, Text } from '@holdfast/ui';
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { Problem } from '../feedback.dom.tsx';

/** How long a frame stands: cameras give 15 to 30 pictures a second, and each frame has to be seen whole once. */
const FRAME_MS = 110;
/** A link of up to this many characters stands still in one code that most cameras read. */
const STILL = 900;

const DENSITIES = [
	{ value: '110', label: 'Easy to read' },
	{ value: '180', label: 'Usual' },
	{ value: '400', label: 'Fast, held close' },
] as const;
type Density = (typeof DENSITIES)[number]['value'];

/** CSS pixels of a millimetre. */
const MM = 96 / 25.4;

export interface QrFilmProps {
	readonly kind: QrMessageKind;
	readonly text: string;
	/** What scanning it does. */
	readonly label: string;
	/** How far away the camera is, in millimetres. Default 600: an arm’s length. */
	readonly distanceMm?: number;
	/** Leaves out the controls: a station’s screen has nobody to use them. */
	readonly isPlain?: boolean;
}

/** A text as QR codes that follow each other without end, or as one code where it is short. Dark on white in every theme. */
export function QrFilm({ kind, text, label, distanceMm = 600, isPlain = false }: QrFilmProps): ReactElement {
	const [density, setDensity] = useState<Density>('180');
	const [isRunning, setRunning] = useState(true);
	const [seqNum, setSeqNum] = useState(1);
	const [made, setMade] = useState<{ readonly key: string; readonly frames: QrFrames | undefined }>();
	const key = `${kind} ${density} ${text}`;
	const isStill = kind === 'presentation-request' && text.length <= STILL;

	useEffect(() => {
		if (isStill) return undefined;
		let isOver = false;
		encodeMessage(kind, text, { bytesPerFrame: Number(density) }).then(
			(frames) => {
				if (isOver) return;
				setSeqNum(1);
				setMade({ key, frames });
			},
			() => {
				if (!isOver) setMade({ key, frames: undefined });
			},
		);
		return () => {
			isOver = true;
		};
	}, [key, kind, text, density, isStill]);

	const frames = made?.key === key ? made.frames : undefined;
	const isFilm = frames !== undefined && frames.count > 1;
	useEffect(() => {
		if (!isFilm || !isRunning) return undefined;
		const timer = setInterval(() => setSeqNum((number) => number + 1), FRAME_MS);
		return () => clearInterval(timer);
	}, [isFilm, isRunning]);

	const content = isStill ? text : frames?.frame(seqNum);
	const matrix = useMemo(() => (content === undefined ? undefined : encodeQr(content, { ecc: 'low' })), [content]);
	if (made?.key === key && made.frames === undefined) {
		return <Problem error={{ code: 'qr/message-too-long', message: 'This is too much for QR codes. Ask for less, or answer over the network.', data: {} }} />;
	}
	if (!matrix) {
		return (
			<p className="app-wait" role="status">
				<Spinner /> Making the codes…
			</p>
		);
	}
	return (
		<div className="app-qr app-film">
			<QrView matrix={matrix.modules} label={label} size={Math.round(sizeForDistance(matrix.size, distanceMm) * MM)} />
			{isFilm && !isPlain && (
				<Stack gap={2}>
					<Text size="sm" tone="muted">
						{isRunning ? `The code changes: ${frames.count} parts, again and again. Hold the screen still until the other side has them all.` : 'Stopped.'}
					</Text>
					<Inline justify="center" gap={3}>
						<Button size="small" onPress={() => setRunning(!isRunning)}>
							{isRunning ? 'Stop' : 'Go on'}
						</Button>
						<Select label="Codes" options={DENSITIES} value={density} onChange={setDensity} />
					</Inline>
				</Stack>
			)}
		</div>
	);
}
