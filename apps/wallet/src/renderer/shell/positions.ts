import type { Random } from '@holdfast/kernel';

/** `count` different positions from 1 to `of`, ascending, chosen at random. */
export function pickPositions(count: number, of: number, random: Random): number[] {
	const left = Array.from({ length: of }, (_, index) => index + 1);
	const picked: number[] = [];
	while (picked.length < count && left.length > 0) {
		// 16 random bits over at most 24 places: the bias does not matter for a question.
		const [high = 0, low = 0] = random.bytes(2);
		picked.push(...left.splice((high * 256 + low) % left.length, 1));
	}
	return picked.sort((a, b) => a - b);
}
