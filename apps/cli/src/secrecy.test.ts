import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mnemonicToSeed } from '@holdfast/crypto';
import { systemClock, systemRandom } from '@holdfast/kernel';
import { type Actor, ADA_DIPLOMA, ADA_ID, CANARIES } from '@holdfast/testkit';
import { openVault } from '@holdfast/vault';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliActor, printed } from './testing/cli-actor.node.ts';
import { inThisProcess, PASSPHRASE, type Terminal, terminal } from './testing/holdfast.node.ts';

// After use, with refusals and errors, neither the profiles nor what processes were given and said in passing holds a
// secret. Files are read as bytes: the database, its WAL, and whatever else lies there.

const WRONG_PASSPHRASE = 'canary wrong passphrase';
const people = ['authority', 'holder'] as const;
let folder: string;
let processes: Terminal;
let here: Terminal;
const phrases: string[][] = [];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-secrecy-'));
	processes = terminal(join(folder, 'cache'));
	here = inThisProcess(folder);
	for (const name of people) {
		const { words } = printed(await here.run(join(folder, name), ['init'])).value as { words: string[] };
		phrases.push(words);
	}
	// What init prints is the phrase itself, once, on purpose.
	here.seen.output.length = 0;
}, 60_000);
afterAll(async () => {
	await processes.end();
	await here.end();
	rmSync(folder, { recursive: true });
});

/** Every file of a profile, by name. */
const filesOf = (name: string): [string, Buffer][] =>
	readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).flatMap((entry) =>
		entry.isFile() ? [[entry.name, readFileSync(join(entry.parentPath, entry.name))] as [string, Buffer]] : [],
	);

const forms = (bytes: Uint8Array): Buffer[] => {
	const buffer = Buffer.from(bytes);
	const hex = buffer.toString('hex');
	return [buffer, ...[hex, hex.toUpperCase(), buffer.toString('base64url'), buffer.toString('base64').replace(/=+$/, '')].map((text) => Buffer.from(text))];
};

/** The private keys that a wallet has by now, and the seed they come from, in every form that they could be written in. */
async function keysOf(name: string, words: readonly string[]): Promise<Buffer[]> {
	const vault = await openVault({ dir: join(folder, name), passphrase: PASSPHRASE, clock: systemClock, random: systemRandom });
	try {
		const found = vault.keys.list().flatMap(({ type, path }) => {
			if (path === null) return [];
			const { privateKey } = vault.seedKey({ type, path });
			return privateKey.use(forms);
		});
		return [...found, ...mnemonicToSeed(words).use(forms)];
	} finally {
		vault.close();
	}
}

async function use(authority: Actor, holder: Actor, format: 'dc+sd-jwt' | 'jwt_vc_json'): Promise<void> {
	const issuerDid = await authority.createDid('did:jwk');
	await authority.serve('issuer');
	await authority.serve('verifier');
	await holder.receive((await authority.offer({ typeId: 'eudi-pid', format, issuerDid, claims: ADA_ID, byReference: true })).uri);
	await holder.receive((await authority.offer({ typeId: 'university-diploma', format, issuerDid, claims: ADA_DIPLOMA })).uri);
	const asked = { typeId: 'eudi-pid', format, paths: [['given_name'], ['birthdate']] };
	const request = await authority.request({ ...asked, encrypted: true });
	await expect(holder.present(request.uri, ['given_name'])).rejects.toMatchObject({ code: 'present/asks-for-more' });
	await holder.present(request.uri, Object.keys(ADA_ID));
	expect((await authority.verification(request.id)).verdict?.accepted).toBe(true);
	await holder.refuse((await authority.request(asked)).uri);
	expect((await holder.activity()).length).toBeGreaterThan(3);
}

function expectNothing(places: readonly [string, Buffer][], secrets: readonly (string | Buffer)[]): void {
	const found = places.flatMap(([place, bytes]) => secrets.flatMap((secret, index) => (bytes.includes(secret) ? [`secret ${index} in ${place}`] : [])));
	expect(found).toEqual([]);
}

test('profiles, arguments, environment and messages hold no secret and no claim', async () => {
	for (const [shell, format] of [
		[processes, 'dc+sd-jwt'],
		[here, 'jwt_vc_json'],
	] as const) {
		const authority = cliActor(shell, join(folder, 'authority'));
		const holder = cliActor(shell, join(folder, 'holder'));
		await use(authority, holder, format);
		// While services run, the newest rows are in the WAL.
		const open = people.flatMap(filesOf);
		expect(open.map(([name]) => name)).toContain('vault.db-wal');
		expectNothing(open, [PASSPHRASE, ...CANARIES, ...phrases.map((words) => words.join(' '))]);
		const wrong = await shell.run(join(folder, 'holder'), ['credentials', 'list'], { passphrase: WRONG_PASSPHRASE });
		expect(printed(wrong).error?.code).toBe('vault/wrong-passphrase');
		const inWords = await shell.run(join(folder, 'holder'), ['receive', 'openid-credential-offer://?credential_offer=Byron-Example'], { json: false });
		expect(inWords.code).not.toBe(0);
		await Promise.all([authority.close(), holder.close()]);
	}

	const [authorityKeys, holderKeys] = await Promise.all(people.map((name, index) => keysOf(name, phrases[index] ?? [])));
	const keys = [...(authorityKeys ?? []), ...(holderKeys ?? [])];
	// Two identities and twenty copies' keys at least, five forms each.
	expect(keys.length).toBeGreaterThan(20 * 5);
	const secrets = [PASSPHRASE, WRONG_PASSPHRASE, ...phrases.flatMap((words) => [words.join(' '), words.join('","')]), ...keys];
	expectNothing(people.flatMap(filesOf), [...secrets, ...CANARIES]);

	for (const { seen } of [processes, here]) {
		// The one link that was meant to be wrong carries a name on purpose.
		const argv = seen.argv.filter((each) => !each.startsWith('openid-credential-offer://?credential_offer=Byron'));
		const told = seen.output.map((text): [string, Buffer] => ['output', Buffer.from(text)]);
		expectNothing([['arguments', Buffer.from(argv.join('\n'))], ['environment', Buffer.from(seen.env.join('\n'))], ...told], secrets);
		expectNothing([['arguments', Buffer.from(argv.join('\n'))]], CANARIES);
		// Answers on standard output hold claims where a verdict is asked for; messages never do.
		expectNothing([['messages', Buffer.from(seen.messages.join('\n'))]], [...secrets, ...CANARIES]);
	}
}, 240_000);
