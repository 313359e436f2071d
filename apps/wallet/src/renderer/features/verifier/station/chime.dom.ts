/** Two short sounds that are told apart without looking: up for yes, down and low for no. */
export interface Chime {
	readonly play: (isYes: boolean) => void;
	readonly close: () => void;
}

const NOTE_SECONDS = 0.16;

export function createChime(): Chime {
	const context = new AudioContext();
	const note = (frequency: number, at: number) => {
		const [tone, level] = [context.createOscillator(), context.createGain()];
		const start = context.currentTime + at;
		tone.frequency.value = frequency;
		level.gain.setValueAtTime(0.0001, start);
		level.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
		level.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS);
		tone.connect(level).connect(context.destination);
		tone.start(start);
		tone.stop(start + NOTE_SECONDS);
	};
	return {
		play: (isYes) => {
			// A page that nobody has touched yet makes no sound; the verdict is on the screen all the same.
			void context.resume().then(
				() => {
					note(isYes ? 660 : 220, 0);
					note(isYes ? 990 : 165, NOTE_SECONDS);
				},
				() => undefined,
			);
		},
		close: () => void context.close().catch(() => undefined),
	};
}
