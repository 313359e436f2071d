import { hashText } from './contrast.ts';

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). For ornament only. */
function ornamentNumbers(seed: string): () => number {
	let state = hashText(seed);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const point = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** The engraving of a document's face in a 400 by 252 box, as SVG path data. */
export interface Guilloche {
	readonly rosette: string;
	readonly band: string;
}

/** Interwoven lines as on a banknote, the same for the same seed, so that a kind of document is recognised by its pattern. */
export function guilloche(seed: string): Guilloche {
	const next = ornamentNumbers(seed);
	const between = (low: number, high: number) => low + next() * (high - low);
	const whole = (low: number, high: number) => Math.floor(between(low, high + 1));

	const [centerX, centerY] = [between(285, 345), between(70, 130)];
	const petals = whole(5, 13);
	const inner = whole(2, 5) * petals;
	const radius = between(78, 112);
	const depth = between(0.22, 0.4);
	const lines = whole(7, 10);
	const rosette: string[] = [];
	for (let line = 0; line < lines; line++) {
		const share = line / (lines - 1);
		const own = radius * (1 - share * 0.72);
		const turn = (share * Math.PI) / petals;
		const steps = Math.max(96, petals * 18);
		const points: string[] = [];
		for (let step = 0; step < steps; step++) {
			const angle = (step / steps) * Math.PI * 2;
			const reach = own * (1 + depth * Math.cos(petals * (angle + turn)) * (1 - share * 0.3) + 0.05 * Math.cos(inner * angle));
			points.push(point(centerX + reach * Math.cos(angle), centerY + reach * Math.sin(angle)));
		}
		rosette.push(`M${points.join('L')}Z`);
	}

	const waves = between(2.2, 4.5);
	const height = between(14, 24);
	const level = between(196, 222);
	const strands = whole(9, 13);
	const twist = between(1.4, 2.6);
	const band: string[] = [];
	for (let strand = 0; strand < strands; strand++) {
		const phase = (strand / strands) * Math.PI * twist;
		const points: string[] = [];
		for (let x = -8; x <= 408; x += 8) {
			const swell = 0.55 + 0.45 * Math.sin((x / 400) * Math.PI * 2 + phase * 0.5);
			points.push(point(x, level + height * swell * Math.sin((x / 400) * Math.PI * 2 * waves + phase) + (strand - strands / 2) * 1.6));
		}
		band.push(`M${points.join('L')}`);
	}
	return { rosette: rosette.join(''), band: band.join('') };
}
