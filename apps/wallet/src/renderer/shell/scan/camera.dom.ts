import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { findQrCodes } from './reader.dom.ts';

export interface CameraChoice {
	readonly id: string;
	readonly name: string;
}

export type CameraState =
	| { readonly name: 'starting' }
	| { readonly name: 'on'; readonly chosen: string; readonly hasTorch: boolean; readonly isTorchOn: boolean }
	/** Why there is no picture: nobody allowed it, there is none, another program has it, or something else. */
	| { readonly name: 'off'; readonly why: 'denied' | 'none' | 'busy' | 'failed' };

export interface Camera {
	/** The element that shows the picture. */
	readonly video: RefObject<HTMLVideoElement | null>;
	readonly state: CameraState;
	readonly cameras: readonly CameraChoice[];
	readonly choose: (id: string) => void;
	readonly setTorch: (isOn: boolean) => void;
	readonly retry: () => void;
}

const WHY: { readonly [name: string]: 'denied' | 'none' | 'busy' } = {
	NotAllowedError: 'denied',
	SecurityError: 'denied',
	NotFoundError: 'none',
	OverconstrainedError: 'none',
	NotReadableError: 'busy',
	AbortError: 'busy',
};

/** Pauses between two pictures that are searched: a film shows its frames for longer. */
const PAUSE_MS = 15;

/** How long after a camera was gone, or none was there, it is tried again. */
const GONE_MS = 3000;

const videoInputs = async (): Promise<MediaDeviceInfo[]> => (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');

/** How many cameras there are, also while they come and go. */
export function useCameraCount(): number {
	const [count, setCount] = useState(0);
	useEffect(() => {
		const look = () => void videoInputs().then((inputs) => setCount(inputs.length));
		look();
		navigator.mediaDevices.addEventListener('devicechange', look);
		return () => navigator.mediaDevices.removeEventListener('devicechange', look);
	}, []);
	return count;
}

const stop = (stream: MediaStream | undefined): void => {
	for (const track of stream?.getTracks() ?? []) track.stop();
};

type TorchCapabilities = MediaTrackCapabilities & { readonly torch?: boolean };
type TorchConstraints = MediaTrackConstraintSet & { readonly torch: boolean };

/**
 * A camera's picture, searched for QR codes for as long as the component is there. `onTexts` gets what stands in each picture; it is
 * not called while `isPaused`, though the picture goes on. `first` is which camera it begins with, of those that there are.
 */
export function useCamera(onTexts: (texts: readonly string[]) => void, isPaused: boolean, first = 0): Camera {
	const video = useRef<HTMLVideoElement>(null);
	const stream = useRef<MediaStream>(undefined);
	const [state, setState] = useState<CameraState>({ name: 'starting' });
	const [cameras, setCameras] = useState<readonly CameraChoice[]>([]);
	const [wanted, setWanted] = useState<{ readonly id?: string; readonly turn: number; readonly byItself?: true }>({ turn: 0 });
	const latest = useRef({ onTexts, isPaused });
	useEffect(() => {
		latest.current = { onTexts, isPaused };
	});

	useEffect(() => {
		let isOver = false;
		// What it tries by itself leaves the words about what is wrong in place.
		if (!wanted.byItself) setState({ name: 'starting' });
		const open = async () => {
			const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
			const present = await videoInputs();
			// One that was chosen and is gone gives way to what there is; a second lane waits where there is no second one.
			const chosen = present.find(({ deviceId }) => deviceId === wanted.id)?.deviceId;
			const id = chosen ?? (first === 0 ? undefined : present[first]?.deviceId);
			if (id === undefined && first > 0) throw new DOMException('There is no such camera.', 'NotFoundError');
			const which = id === undefined ? { facingMode: 'environment' } : { deviceId: { exact: id } };
			const opened = await navigator.mediaDevices.getUserMedia({ video: { ...size, ...which }, audio: false });
			if (isOver || !video.current) return stop(opened);
			stream.current = opened;
			video.current.srcObject = opened;
			await video.current.play();
			const [track] = opened.getVideoTracks();
			const inputs = await videoInputs();
			if (isOver) return;
			setCameras(inputs.map((device, index) => ({ id: device.deviceId, name: device.label || `Camera ${index + 1}` })));
			const hasTorch = (track?.getCapabilities() as TorchCapabilities | undefined)?.torch === true;
			setState({ name: 'on', chosen: track?.getSettings().deviceId ?? '', hasTorch, isTorchOn: false });
			track?.addEventListener('ended', () => setState({ name: 'off', why: 'busy' }));
		};
		open().catch((error: unknown) => {
			if (!isOver) setState({ name: 'off', why: (error instanceof DOMException ? WHY[error.name] : undefined) ?? 'failed' });
		});
		return () => {
			isOver = true;
			stop(stream.current);
			stream.current = undefined;
		};
	}, [wanted, first]);

	const isOn = state.name === 'on';
	useEffect(() => {
		if (!isOn) return undefined;
		let isOver = false;
		const look = async () => {
			const element = video.current;
			if (element && element.readyState >= element.HAVE_CURRENT_DATA && element.videoWidth > 0 && !latest.current.isPaused) {
				const picture = await createImageBitmap(element).catch(() => undefined);
				const found = picture && (await findQrCodes(picture, false));
				// What a reader that died did not find, it finds in the next picture.
				if (!isOver && !latest.current.isPaused && found && found.length > 0) latest.current.onTexts(found.map(({ text }) => text));
			}
			if (!isOver) setTimeout(() => void look(), PAUSE_MS);
		};
		void look();
		return () => {
			isOver = true;
		};
	}, [isOn]);

	// A camera that was unplugged or taken comes back by itself: a station has nobody to press a button.
	const isGone = state.name === 'off' && (state.why === 'busy' || state.why === 'none');
	// biome-ignore lint/correctness/useExhaustiveDependencies: each try that failed waits for the next
	useEffect(() => {
		if (!isGone) return undefined;
		const again = () => setWanted((old) => ({ ...old, turn: old.turn + 1, byItself: true }));
		const timer = setTimeout(again, GONE_MS);
		navigator.mediaDevices.addEventListener('devicechange', again);
		return () => {
			clearTimeout(timer);
			navigator.mediaDevices.removeEventListener('devicechange', again);
		};
	}, [isGone, wanted]);

	const setTorch = useCallback((isTorchOn: boolean) => {
		const [track] = stream.current?.getVideoTracks() ?? [];
		void track?.applyConstraints({ advanced: [{ torch: isTorchOn } as TorchConstraints] }).then(
			() => setState((old) => (old.name === 'on' ? { ...old, isTorchOn } : old)),
			() => undefined,
		);
	}, []);
	const choose = useCallback((id: string) => setWanted(({ turn }) => ({ id, turn: turn + 1 })), []);
	const retry = useCallback(() => setWanted(({ turn }) => ({ turn: turn + 1 })), []);
	return { video, state, cameras, choose, setTorch, retry };
}
