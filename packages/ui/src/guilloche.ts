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

/** One strand of a rosette, drawn `turns.length` times, each time turned by so many degrees about the centre. */
export interface GuillocheRing {
	readonly path: string;
	readonly turns: readonly number[];
}

/** The engraving of a document's face in a 400 by 252 box: rings about a centre and a band of waves. */
export interface Guilloche {
	readonly centerX: number;
	readonly centerY: number;
	readonly rings: readonly GuillocheRing[];
	readonly band: string;
}

/** Interwoven lines as on a banknote, the same for the same seed, so that a kind of document is recognised by its pattern. */
export function guilloche(seed: string): Guilloche {
	const next = ornamentNumbers(seed);
	const between = (low: number, high: number) => low + next() * (high - low);
	const whole = (low: number, high: number) => Math.floor(between(low, high + 1));

	const [centerX, centerY] = [Math.round(between(290, 340)), Math.round(between(96, 140))];
	// Each ring is a wave laid round a circle. Turned copies of it cross one another, which is what makes a rosette.
	const lobes = whole(5, 12);
	const outer = between(88, 120);
	const ring = (from: number, to: number, waves: number, strands: number): GuillocheRing => {
		const [middle, swing] = [(from + to) / 2, (to - from) / 2];
		const sharpness = between(0, 0.28);
		const steps = Math.min(360, Math.max(140, waves * 16));
		const points: string[] = [];
		for (let step = 0; step < steps; step++) {
			const angle = (step / steps) * Math.PI * 2;
			const reach = middle + swing * (Math.cos(waves * angle) * (1 - sharpness) + Math.cos(2 * waves * angle) * sharpness);
			points.push(point(reach * Math.cos(angle), reach * Math.sin(angle)));
		}
		return { path: `M${points.join('L')}Z`, turns: Array.from({ length: strands }, (_, strand) => Number(((360 / waves / strands) * strand).toFixed(2))) };
	};
	const waist = between(0.58, 0.7);
	const heart = between(0.26, 0.36);
	const rings = [
		ring(outer * waist * 0.96, outer, lobes * 2, whole(4, 6)),
		ring(outer * heart, outer * waist, lobes, whole(7, 10)),
		ring(outer * 0.08, outer * heart * 1.04, whole(3, 6), whole(5, 7)),
	];

	const waves = between(2.2, 4.5);
	const height = between(12, 20);
	const level = between(204, 222);
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
	return { centerX, centerY, rings, band: band.join('') };
}
