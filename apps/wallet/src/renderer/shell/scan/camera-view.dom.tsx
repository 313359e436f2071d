import type { QrMessageKind } from '@holdfast/qr';
import { Banner, Button, Inline, ProgressBar, Select, Spinner, Stack, Switch } from '@holdfast/ui';
import type { ReactElement, ReactNode } from 'react';
import { type CameraState, useCamera } from './camera.dom.ts';
import { useScanned } from './scanned.dom.ts';

const WHY: { readonly [why in Extract<CameraState, { name: 'off' }>['why']]: string } = {
	denied: 'This computer does not let Holdfast use a camera. Allow it in the system’s settings, then try again.',
	none: 'No camera was found. Connect one, and it starts by itself; or bring a picture of the code.',
	busy: 'The camera is used by another program, or was disconnected. Once it is free again, it starts by itself.',
	failed: 'The camera could not be started. Try again, or bring a picture of the code.',
};

export interface CameraViewProps {
	/** What is expected: films of other kinds are named and left alone. */
	readonly kinds: readonly QrMessageKind[];
	/** The text of a code, or of a whole film. */
	readonly onText: (text: string) => void;
	/** What to hold before the camera: "the code on their screen". */
	readonly aim: string;
	/** True while what was read is being dealt with: the picture stays, nothing is read. */
	readonly isPaused?: boolean;
	/** Which of the cameras it begins with. Default: the first that fits. */
	readonly first?: number;
	/** Says something instead of the usual line below the picture. */
	readonly children?: ReactNode;
}

/** The camera's picture with what it has read so far, the choice of cameras and the light. */
export function CameraView({ kinds, onText, aim, isPaused = false, first = 0, children }: CameraViewProps): ReactElement {
	const scanned = useScanned(kinds, onText);
	const { video, state, cameras, choose, setTorch, retry } = useCamera(scanned.take, isPaused, first);
	const { progress, hint } = scanned;
	return (
		<Stack gap={3}>
			<div className="app-camera" data-state={state.name}>
				<video ref={video} className="app-camera__picture" muted playsInline aria-label={first === 0 ? 'Camera' : `Camera ${first + 1}`} />
				{state.name === 'starting' && (
					<p className="app-camera__note" role="status">
						<Spinner /> Starting the camera…
					</p>
				)}
			</div>
			{state.name === 'off' ? (
				<Banner tone="caution" title="No picture" role="status" actions={<Button onPress={retry}>Try again</Button>}>
					{WHY[state.why]}
				</Banner>
			) : (
				<>
					{progress === undefined ? (
						<p className="app-wait" role="status">
							{children ?? hint ?? `Hold ${aim} before the camera.`}
						</p>
					) : (
						<ProgressBar
							label="Reading the film of codes"
							value={progress.have}
							max={progress.of}
							valueLabel={`${progress.have} of ${progress.of} parts. Keep holding it.`}
						/>
					)}
					{(cameras.length > 1 || (state.name === 'on' && state.hasTorch)) && (
						<Inline justify="between" gap={4}>
							{cameras.length > 1 && (
								<Select
									label="Camera"
									options={cameras.map(({ id, name }) => ({ value: id, label: name }))}
									value={state.name === 'on' ? state.chosen : undefined}
									onChange={choose}
								/>
							)}
							{state.name === 'on' && state.hasTorch && (
								<Switch isSelected={state.isTorchOn} onChange={setTorch}>
									Light
								</Switch>
							)}
						</Inline>
					)}
				</>
			)}
		</Stack>
	);
}
