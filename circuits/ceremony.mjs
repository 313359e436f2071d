// npm run ceremony -- <command>: the setup of the circuits' keys. docs/circuits.md says what it means.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PUBLIC_SIGNALS } from '@holdfast/zk';
import { CIRCUITS, CIRCUITS_FOLDER } from './build.mjs';
import { ceremony } from './setup/ceremony.mjs';
import { developmentPhase1, endThreads } from './setup/keys.mjs';

const HELP = `npm run ceremony -- <command>
  begin [--phase1 FILE]     compile, and start new keys from a phase 1 file; without one, make a development phase 1 (minutes)
  contribute --name NAME    add your contribution to every key; --extra TEXT adds to the system's randomness
  beacon --value HEX [--iterations 10]   end with a public random value that nobody could know before
  verify [--phase1 FILE]    check sources, files, transcripts and keys
A phase 1 file is a prepared powers-of-tau file of 2^14 or more; setup/public-phase1.json has the hashes of the public ones.
`;

const say = (text) => process.stdout.write(`${text}\n`);
const known = JSON.parse(readFileSync(join(CIRCUITS_FOLDER, 'setup', 'public-phase1.json'), 'utf8'));
const steps = ceremony({ folder: CIRCUITS_FOLDER, source: CIRCUITS_FOLDER, circuits: CIRCUITS, publicSignals: PUBLIC_SIGNALS, known, say });
const DEVELOPMENT_PHASE1 = join(CIRCUITS_FOLDER, 'out', 'phase1.ptau');

const commands = {
	async begin({ phase1 }) {
		let path = phase1;
		if (path === undefined) {
			path = DEVELOPMENT_PHASE1;
			if (!existsSync(path)) {
				say('Making a development phase 1 of 2^14. This takes some minutes.');
				mkdirSync(dirname(path), { recursive: true });
				await developmentPhase1({ out: path, power: 14, name: 'development', entropy: randomBytes(64).toString('hex') });
			}
		}
		await steps.begin({ phase1: path });
	},
	async contribute({ name, extra }) {
		if (name === undefined) return usage();
		await steps.addContribution({ name, extra });
	},
	async beacon({ value, iterations, name }) {
		if (value === undefined || !/^(?:[0-9a-f]{2}){16,}$/i.test(value)) return usage();
		await steps.addBeacon({ name: name ?? 'beacon', value, iterations: Number(iterations) });
	},
	async verify({ phase1 }) {
		const { problems, skipped } = await steps.verify({ phase1 });
		for (const text of skipped) say(`Not checked: ${text}.`);
		for (const text of problems) say(`Wrong: ${text}.`);
		say(problems.length === 0 ? 'Nothing wrong was found.' : `${problems.length} problems.`);
		if (problems.length > 0) process.exitCode = 1;
	},
};

function usage() {
	say(HELP);
	process.exitCode = 1;
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		name: { type: 'string' },
		extra: { type: 'string' },
		phase1: { type: 'string' },
		value: { type: 'string' },
		iterations: { type: 'string', default: '10' },
	},
});
const [name] = positionals;
if (name === undefined || !Object.hasOwn(commands, name)) usage();
else {
	try {
		await commands[name](values);
	} finally {
		await endThreads();
	}
}
