import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADA_ID } from '@holdfast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EXIT } from './exit.ts';
import { printed } from './testing/cli-actor.node.ts';
import { inThisProcess, PASSPHRASE, type Ran, type RunOptions, type Terminal, terminal } from './testing/holdfast.node.ts';

let folder: string;
let here: Terminal;
let processes: Terminal;
let profile: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
	let now = Date.now();
	// Time passes where a test says so: the growing delay is told by this clock.
	clock = { advance: (ms) => (now += ms) };
	here = inThisProcess(folder, { clock: { now: () => now } });
	processes = terminal(join(folder, 'cache'));
});
afterAll(async () => {
	await processes.end();
	rmSync(folder, { recursive: true });
});

let clock: { advance(ms: number): void };
let count = 0;
const emptyProfile = (): string => {
	count += 1;
	return join(folder, `profile-${count}`);
};
const holdfast = (args: readonly string[], options?: RunOptions): Promise<Ran> => here.run(profile, args, options);

beforeEach(() => {
	profile = emptyProfile();
});

async function refused(args: readonly string[], options?: RunOptions) {
	const ran = await holdfast(args, options);
	const { ok, error } = printed(ran);
	expect(ok).toBe(false);
	return { exit: ran.code, code: error?.code, message: error?.message ?? '' };
}

describe('a command that cannot be run as it was given', () => {
	const SLIP = 'my-secret-in-the-wrong-place';

	test.each([
		['no command', []],
		['an unknown command', [SLIP]],
		['an unknown subcommand', ['did', SLIP]],
		['a group without a command', ['credentials']],
		['an unknown option', ['did', 'list', `--${SLIP}`]],
		['an unknown option with a value', ['init', `--passphrase=${SLIP}`]],
		['too many arguments', ['init', SLIP]],
		['a missing argument', ['receive']],
		['a missing option', ['offer', '--claims', '{}']],
		['an option without its value', ['did', 'create', '--alias']],
		['a value that is not a choice', ['did', 'create', '--method', SLIP]],
		['a service that there is not', ['serve', SLIP]],
		['a number that is none', ['serve', 'issuer', '--port', SLIP]],
		['a descriptor that is none', ['--passphrase-fd', SLIP, 'did', 'list']],
	])('%s', async (_name, args) => {
		for (const json of [true, false]) {
			const { code, stdout, stderr } = await holdfast(args, { passphrase: null, json });
			expect(code).toBe(EXIT.usage);
			// Whatever was typed may have been a secret: it is not repeated.
			expect(stdout + stderr).not.toContain(SLIP);
			if (json) {
				expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'cli/usage' } });
				expect(stderr).toBe('');
			} else {
				expect(stdout).toBe('');
				expect(stderr).toMatch(/\[cli\/usage\]|Usage: holdfast/);
			}
		}
	});

	test('help and version are answers', async () => {
		for (const [args, said] of [
			[['--help'], 'Usage: holdfast'],
			[['present', '--help'], '--disclose'],
			[['--version'], '0.1.0'],
		] as const) {
			const { code, stdout } = await holdfast(args, { json: false, passphrase: null });
			expect(code).toBe(0);
			expect(stdout).toContain(said);
		}
	});

	test('a file that cannot be read, and one that is too long', async () => {
		await holdfast(['init']);
		expect(await refused(['verify', '@/no/such/file'])).toMatchObject({ exit: EXIT.usage, code: 'cli/usage' });
		const long = join(folder, 'long');
		writeFileSync(long, 'x'.repeat(600_000));
		expect(await refused(['verify', `@${long}`])).toMatchObject({ exit: EXIT.usage, code: 'cli/usage' });
	});
});

describe('the passphrase', () => {
	test('no wallet, no terminal, an empty or a weak one', async () => {
		expect(await refused(['did', 'list'])).toMatchObject({ exit: EXIT.locked, code: 'vault/not-found' });
		expect(await refused(['init'], { passphrase: null })).toMatchObject({ exit: EXIT.usage, code: 'cli/no-terminal' });
		expect(await refused(['init'], { passphrase: '' })).toMatchObject({ exit: EXIT.usage, code: 'cli/usage' });
		expect(await refused(['init'], { passphrase: 'password' })).toMatchObject({ exit: EXIT.usage, code: 'vault/weak-passphrase' });
		expect(await refused(['--passphrase-fd', '250', 'init'], { passphrase: null })).toMatchObject({ exit: EXIT.usage, code: 'cli/usage' });
	});

	test('a wrong one is refused, and each time for longer', async () => {
		await holdfast(['init']);
		for (let attempt = 1; attempt <= 3; attempt += 1) {
			expect(await refused(['did', 'list'], { passphrase: 'not the one' })).toMatchObject({ exit: EXIT.locked, code: 'vault/wrong-passphrase' });
		}
		// Now even the right one has to wait, in every process.
		const locked = await refused(['did', 'list']);
		expect(locked).toMatchObject({ exit: EXIT.locked, code: 'vault/locked-out' });
		expect(locked.message).toMatch(/Wait/);
		clock.advance(1500);
		expect(await refused(['did', 'list'], { passphrase: 'not the one' })).toMatchObject({ code: 'vault/wrong-passphrase' });
		clock.advance(1500);
		expect(await refused(['did', 'list'])).toMatchObject({ code: 'vault/locked-out' });
		clock.advance(1000);
		expect(printed(await holdfast(['did', 'list'])).ok).toBe(true);
	});

	test('a second wallet is not made over the first', async () => {
		await holdfast(['init']);
		expect(await refused(['init'])).toMatchObject({ exit: EXIT.failed, code: 'vault/exists' });
	});

	test('keys come back from the recovery phrase, which can come by the same descriptor', async () => {
		const { words } = printed(await holdfast(['init'])).value as { words: string[] };
		const { did } = printed(await holdfast(['did', 'create', '--method', 'did:key'])).value as { did: string };
		profile = emptyProfile();
		// Both on standard input: the phrase is the line after the passphrase.
		const restored = await processes.run(profile, ['--passphrase-fd', '0', 'init', '--restore', '--phrase-fd', '0'], {
			passphrase: null,
			stdin: `${PASSPHRASE}\n${words.join(' ')}\n`,
		});
		expect(printed(restored).ok).toBe(true);
		expect((printed(await holdfast(['did', 'create', '--method', 'did:key'])).value as { did: string }).did).toBe(did);
		profile = emptyProfile();
		const wrong = await processes.run(profile, ['--passphrase-fd', '0', 'init', '--restore', '--phrase-fd', '0'], {
			passphrase: null,
			// Words of the list with a wrong checksum. (Any order of real words has the right one once in 256 times.)
			stdin: `${PASSPHRASE}\n${Array(24).fill('abandon').join(' ')}\n`,
		});
		expect(printed(wrong).error?.code).toMatch(/^crypto\/mnemonic/);
		expect(wrong.code).toBe(EXIT.usage);
		expect(wrong.stdout).not.toContain('abandon');
	});
});

describe('refusals by kind', () => {
	test('each has its exit code and one JSON object', async () => {
		await holdfast(['init']);
		const id = '0'.repeat(26);
		const issuer = (printed(await holdfast(['did', 'create'])).value as { did: string }).did;
		const offer = ['offer', '--type', 'eudi-pid', '--issuer', issuer, '--yes', '--claims'];
		const expected = [
			[['credentials', 'show', id], EXIT.notFound, 'credential/not-found'],
			[['credentials', 'delete', id, '--yes'], EXIT.notFound, 'credential/not-found'],
			[['credentials', 'show', 'not-an-id'], EXIT.usage, 'ipc/invalid-input'],
			[['offers', 'cancel', id], EXIT.notFound, 'issue/no-such-offer'],
			[['requests', 'cancel', id], EXIT.notFound, 'verify/no-such-request'],
			[['verify', id], EXIT.notFound, 'verify/no-such-request'],
			[['notices', 'resume', id], EXIT.notFound, 'receive/not-found'],
			[['receive', 'no offer', '--yes'], EXIT.usage, 'oid4vci/not-an-offer'],
			[['receive', 'openid-credential-offer://?credential_offer={}', '--yes'], EXIT.peer, 'oid4vci/malformed-offer'],
			[['present', 'no request'], EXIT.usage, 'oid4vp/not-a-request'],
			[['verify', 'e30.e30.e30'], EXIT.refused, 'credential/malformed'],
			[['verify', 'e30.e30.e30', '--nonce', 'n'], EXIT.usage, 'cli/usage'],
			[['did', 'resolve', 'did:nonsense'], EXIT.usage, 'did/invalid'],
			[['did', 'resolve', 'did:web:localhost%3A1'], EXIT.peer, 'did/network'],
			[[...offer, JSON.stringify(ADA_ID)], EXIT.failed, 'services/off'],
			[[...offer, '{"given_name":1}'], EXIT.usage, 'issue/invalid-claims'],
			[[...offer, 'no JSON'], EXIT.usage, 'cli/usage'],
			[[...offer, '[]'], EXIT.usage, 'cli/usage'],
			[['request', '--title', 'x'], EXIT.usage, 'cli/usage'],
			[['request', '--dcql', '{', '--title', 'x'], EXIT.usage, 'cli/usage'],
			[['request', '--preset', 'nothing'], EXIT.usage, 'verify/unknown-preset'],
			[['network', 'add', 'one', 'x', 'https://example.com'], EXIT.usage, 'cli/usage'],
		] as const;
		const told: unknown[] = [];
		for (const [args] of expected) {
			const { exit, code } = await refused(args);
			told.push([args, exit, code]);
		}
		expect(told).toEqual(expected);
	});

	test('signing and deleting wait for a person, or for --yes', async () => {
		await holdfast(['init']);
		const issuer = (printed(await holdfast(['did', 'create'])).value as { did: string }).did;
		const issue = ['issue', '--type', 'eudi-pid', '--issuer', issuer, '--holder', issuer, '--claims', JSON.stringify(ADA_ID)];
		expect(await refused(issue)).toMatchObject({ exit: EXIT.usage, code: 'cli/no-terminal' });
		expect(printed(await holdfast(['issued'])).value).toEqual([]);
		const { credential } = printed(await holdfast([...issue, '--yes'])).value as { credential: string };
		const verdict = printed(await holdfast(['verify', credential]));
		expect(verdict.value).toMatchObject({ accepted: true });

		// A verdict that says no: one object that holds the refusal and what was found.
		const tampered = await holdfast(['verify', credential.replace(/\.([\w-])/, (_, first: string) => `.${first === 'A' ? 'B' : 'A'}`)]);
		expect(tampered.code).toBe(EXIT.refused);
		const other = emptyProfile();
		await here.run(other, ['init']);
		const stranger = await here.run(other, ['verify', credential]);
		expect(stranger.code).toBe(EXIT.refused);
		expect(printed(stranger)).toMatchObject({ ok: false, error: { code: 'verify/not-accepted' }, value: { accepted: false } });
		const inWords = await here.run(other, ['verify', credential], { json: false });
		expect(inWords.stdout).toContain('trusted issuers');
		expect(inWords.stderr).toContain('[verify/not-accepted]');

		const { credentialIds } = printed(await holdfast(['receive', credential, '--yes'])).value as { credentialIds: string[] };
		expect(await refused(['credentials', 'delete', credentialIds[0] ?? ''])).toMatchObject({ code: 'cli/no-terminal' });
		expect(printed(await holdfast(['credentials', 'list'])).value).toHaveLength(1);
	});
});

test('did:web documents are written below the folder that was named', async () => {
	await holdfast(['init']);
	const { did } = printed(await holdfast(['did', 'create', '--method', 'did:web', '--domain', 'example.com', '--path', 'people/ada'])).value as { did: string };
	const site = join(folder, 'site');
	const { path } = printed(await holdfast(['did', 'publish', did, site])).value as { path: string };
	expect(path).toBe(join(site, 'people', 'ada', 'did.json'));
	expect(readdirSync(join(site, 'people', 'ada'))).toEqual(['did.json']);
});
