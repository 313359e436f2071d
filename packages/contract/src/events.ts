import { z } from 'zod';
import * as s from './shapes.ts';

/** What the vault and main processes tell the renderer without being asked. */
export const events = {
	'vault.locked': z.strictObject({}),
	/** Something in this area changed: read it again. */
	'data.changed': z.strictObject({
		area: z.enum([
			'credentials',
			'dids',
			'offers',
			'verifications',
			'services',
			'activity',
			'notices',
			'networks',
			'assets',
			'trust',
			'settings',
			'daos',
			'votes',
			'station',
			'register',
			'batches',
			'types',
		]),
		id: z.string().optional(),
	}),
	'exchange.progress': z.strictObject({ id: s.Id, step: z.string(), done: z.number().int(), of: z.number().int() }),
	/** A link arrived from outside; `app.takeLink` fetches it. */
	'link.arrived': z.strictObject({}),
} satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;
export const isEventName = (name: unknown): name is EventName => typeof name === 'string' && Object.hasOwn(events, name);
