import { type Clock, newId, type Random } from '@holdfast/kernel';
import { ServiceError } from './errors.ts';

const LIFE_MS = 30 * 60_000;
const MOST = 64;

interface Held<K extends string> {
	readonly kind: K;
	readonly at: number;
}

/**
 * What waits for a person's approval. A review holds exactly what will be signed or sent, and is
 * approved by its id, once: between looking and approving nothing can be exchanged.
 */
export class Reviews<Kinds extends Record<string, object>> {
	readonly #clock: Clock;
	readonly #random: Random;
	readonly #held = new Map<string, Held<string> & { readonly subject: object }>();

	constructor(clock: Clock, random: Random) {
		this.#clock = clock;
		this.#random = random;
	}

	open<K extends keyof Kinds & string>(kind: K, subject: Kinds[K]): string {
		const oldest = this.#held.size >= MOST ? this.#held.keys().next().value : undefined;
		if (oldest !== undefined) this.#held.delete(oldest);
		const id = newId(this.#random);
		this.#held.set(id, { kind, at: this.#clock.now(), subject });
		return id;
	}

	/** The review, still open. */
	get<K extends keyof Kinds & string>(kind: K, id: string): Kinds[K] {
		const held = this.#held.get(id);
		const age = held ? this.#clock.now() - held.at : 0;
		if (!held || held.kind !== kind || age > LIFE_MS) {
			if (held && age > LIFE_MS) this.#held.delete(id);
			throw new ServiceError('review/not-open', 'This is no longer open for approval. Start again from the link.');
		}
		return held.subject as Kinds[K];
	}

	/** The review, closed: whoever takes it acts on it. */
	take<K extends keyof Kinds & string>(kind: K, id: string): Kinds[K] {
		const subject = this.get(kind, id);
		this.#held.delete(id);
		return subject;
	}

	discard(id: string): void {
		this.#held.delete(id);
	}
}
