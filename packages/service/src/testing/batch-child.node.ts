// A process that tests kill: `node batch-child.node.ts <folder> <batch id>` goes on with a batch and says how far it is.
import { writeSync } from 'node:fs';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { createService } from '../index.ts';

const [, , dir = '', id = ''] = process.argv;
const say = (line: string) => writeSync(1, `${line}\n`);

const service = createService({
	dir,
	clock: systemClock,
	random: systemRandom,
	chooseFolder: async () => null,
	kdf: { m: 1024, t: 1, p: 1 },
	onEvent: (name, payload) => {
		if (name === 'exchange.progress') say(`${(payload as { done: number }).done} ${Math.round(process.memoryUsage().rss / 2 ** 20)}`);
		if (name === 'data.changed' && (payload as { area: string }).area === 'batches') void finished();
	},
});

async function finished(): Promise<void> {
	const batch = await service.invoke('batch.get', { id });
	if (!batch.ok || batch.value.state === 'running') return;
	say(batch.value.state);
	await service.close();
	process.exit(0);
}

for (const [name, input] of [
	['vault.unlock', { passphrase: 'six green lanterns over quiet water' }],
	['services.start', { kind: 'issuer', host: '127.0.0.1', port: 0, publicUrl: null }],
	['batch.resume', { id }],
] as const) {
	const result = await service.call(name, input);
	if (!result.ok) {
		say(`failed ${result.error.code} ${result.error.message}`);
		process.exit(1);
	}
}
