import fc from 'fast-check';
import { type Address, concat, encodeFunctionData, encodePacked, type Hex, keccak256, maxUint256, parseAbi, size, stringToHex } from 'viem';
import { describe, expect, test } from 'vitest';
import { type Action, actionFromBravo, allActions, decodeActions, LIMITS } from './decode.ts';
import { type CodeFacts, type FlagCode, flagProposal } from './flags.ts';
import { powerStatistics } from './power.ts';
import type { Simulation } from './simulate.ts';
import { looksLike, sentence } from './words.ts';

const ABI = parseAbi([
	'function transfer(address to, uint256 amount)',
	'function approve(address spender, uint256 value)',
	'function setApprovalForAll(address operator, bool approved)',
	'function multiSend(bytes transactions)',
	'function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)',
	'function scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay)',
	'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
	'function upgradeToAndCall(address newImplementation, bytes data)',
	'function grantRole(bytes32 role, address account)',
	'function transferOwnership(address newOwner)',
	'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
	'function setVotingPeriod(uint32 newVotingPeriod)',
	'function propose(address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, string description)',
	'function multicall(bytes[] data)',
]);
const data = (functionName: string, args: readonly unknown[]): Hex => encodeFunctionData({ abi: ABI, functionName, args } as never);

const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const TOKEN = '0x6B175474E89094C44Da98b954EedeAC495271d0F';
const THIEF = '0x1111111111111111111111111111111111111111';
const SAFE = '0x2222222222222222222222222222222222222222';
const TIMELOCK = '0x3333333333333333333333333333333333333333';
const ZERO = address('00');
const NO32 = `0x${'00'.repeat(32)}` as Hex;

const call = (to: Address, payload: Hex, value = 0n): Action => ({ to, value, data: payload, operation: 'call' });
const DRAIN = data('transfer', [THIEF, 1_000n * 10n ** 18n]);
const NAMES = {
	nameOf: (at: Address) => (at === TIMELOCK ? 'Treasury' : null),
	tokenAt: (at: Address) => (at === TOKEN ? { symbol: 'DAI', decimals: 18 } : null),
	currency: 'ETH',
};
const packed = (op: number, to: Address, value: bigint, inner: Hex): Hex =>
	encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [op, to, value, BigInt(size(inner)), inner]);

/** Safe's MultiSendCallOnly, 1.4.1. */
const MULTI_SEND: Address = '0x9641d764fc13c8B624c04430C7356C1C7C8102e2';
const safeCall = (to: Address, inner: Hex, operation = 0): Hex => data('execTransaction', [to, 0n, inner, operation, 0n, 0n, 0n, ZERO, ZERO, '0x']);

describe('decoding', () => {
	test('a drain inside a batch inside a Safe inside a timelock is found, whatever stands around it', () => {
		const batch = data('multiSend', [concat([packed(0, TOKEN, 0n, DRAIN), packed(0, THIEF, 5n, '0x')])]);
		const scheduled = data('schedule', [SAFE, 0n, safeCall(MULTI_SEND, batch, 1), NO32, NO32, 172_800n]);
		const [outer] = decodeActions([call(TIMELOCK, scheduled)]);
		const all = [...allActions(outer ? [outer] : [])];
		expect(all.map(({ call: each }) => each?.name ?? null)).toEqual(['schedule', 'execTransaction', 'multiSend', 'transfer', null]);
		expect(all.map(({ operation }) => operation)).toEqual(['call', 'call', 'delegatecall', 'call', 'call']);
		expect(all.every(({ exact }) => exact)).toBe(true);
		expect(all.map((each) => sentence(each, NAMES)).slice(2)).toEqual([
			'Makes 2 calls in one.',
			`Sends 1,000 DAI to ${THIEF}.`,
			`Sends 0.000000000000000005 ETH to ${THIEF}.`,
		]);
	});

	test('batches, proposals of proposals, upgrades and functions that stand apart from their arguments', () => {
		const batch = data('scheduleBatch', [[TOKEN, TOKEN], [0n, 1n], [DRAIN, '0x'], NO32, NO32, 0n]);
		const proposal = data('propose', [[TOKEN], [0n], ['transfer(address,uint256)'], [`0x${DRAIN.slice(10)}`], 'text']);
		const upgrade = data('upgradeToAndCall', [THIEF, DRAIN]);
		const apart = actionFromBravo(TOKEN, 0n, 'transfer(address,uint256)', `0x${DRAIN.slice(10)}`);
		const decoded = decodeActions([call(TIMELOCK, batch), call(SAFE, proposal), call(TOKEN, upgrade), apart, call(TOKEN, data('multicall', [[DRAIN]]))]);
		expect(decoded.map(({ inside }) => inside.map(({ call: each, operation }) => `${operation} ${each?.name}`))).toEqual([
			['call transfer', 'call undefined'],
			['call transfer'],
			['delegatecall transfer'],
			[],
			['call transfer'],
		]);
		expect(decoded[3]?.call?.name).toBe('transfer');
	});

	test('a Bravo function that is spelled in another way is another function, whatever it looks like', () => {
		for (const signature of ['transfer(address, uint256)', 'transfer(address to,uint256 amount)', ' transfer(address,uint256)', 'nonsense']) {
			const action = actionFromBravo(TOKEN, 0n, signature, `0x${DRAIN.slice(10)}`);
			expect(action.data.slice(0, 10)).toBe(keccak256(stringToHex(signature)).slice(0, 10));
			expect(decodeActions([action])[0]?.call).toBeNull();
		}
	});

	test('functions can be added by the user, and known ones are not replaced', () => {
		const mine = `0x${keccak256(stringToHex('sweep(address)')).slice(2, 10)}${THIEF.slice(2).padStart(64, '0')}` as Hex;
		expect(decodeActions([call(TOKEN, mine)])[0]?.call).toBeNull();
		expect(decodeActions([call(TOKEN, mine)], ['sweep(address to)'])[0]?.call).toMatchObject({ name: 'sweep', args: [{ name: 'to', value: THIEF }] });
	});

	test('bytes after the arguments, and arguments that are none, are told apart', () => {
		const [trailing] = decodeActions([call(TOKEN, concat([DRAIN, '0xdeadbeef']))]);
		expect(trailing).toMatchObject({ exact: false, call: { name: 'transfer' } });
		const [cut] = decodeActions([call(TOKEN, DRAIN.slice(0, 40) as Hex)]);
		expect(cut).toMatchObject({ exact: false, call: null });
		const [hidden] = decodeActions([call(TOKEN, data('multiSend', [concat([packed(0, TOKEN, 0n, DRAIN), '0x00ff'])]))]);
		expect(hidden).toMatchObject({ exact: false, inside: [{ call: { name: 'transfer' } }] });
	});

	test('too much to read is refused', () => {
		let nested = DRAIN;
		for (let depth = 0; depth <= LIMITS.depth; depth += 1) nested = safeCall(TOKEN, nested);
		const many = data('multiSend', [concat(Array.from({ length: LIMITS.actions + 1 }, () => packed(0, TOKEN, 0n, '0x')))]);
		const large = `0x${'00'.repeat(LIMITS.bytes + 1)}` as Hex;
		for (const payload of [nested, many, large]) {
			expect(() => decodeActions([call(TOKEN, payload)])).toThrow(expect.objectContaining({ code: 'web3/proposal-too-large' }));
		}
	});

	test('whatever bytes come, they are read or left unread, and put into words', () => {
		const selectors = ['multiSend', 'execTransaction', 'scheduleBatch', 'propose', 'multicall', 'upgradeToAndCall', 'transfer'].map((name) =>
			keccak256(stringToHex(`${name}(${(ABI.find((item) => item.name === name)?.inputs ?? []).map(({ type }) => type).join(',')})`)).slice(0, 10),
		);
		fc.assert(
			fc.property(fc.constantFrom('0x', ...selectors), fc.uint8Array({ maxLength: 400 }), fc.boolean(), (selector, bytes, delegate) => {
				const payload = `${selector}${Buffer.from(bytes).toString('hex')}` as Hex;
				const actions = decodeActions([{ to: TOKEN, value: 1n, data: payload, operation: delegate ? 'delegatecall' : 'call' }]);
				for (const action of allActions(actions)) expect(sentence(action, NAMES).length).toBeGreaterThan(0);
			}),
			{ numRuns: 2_000 },
		);
	});

	test('what is encoded is read as it was meant', () => {
		const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}` as Hex);
		const one = fc.record({ op: fc.constantFrom(0, 1), to: hex(20), value: fc.bigInt({ min: 0n, max: maxUint256 }), inner: fc.uint8Array({ maxLength: 80 }) });
		fc.assert(
			fc.property(fc.array(one, { maxLength: 8 }), (parts) => {
				const payloads = parts.map(({ inner }) => `0x${Buffer.from(inner).toString('hex')}` as Hex);
				const batch = data('multiSend', [concat(['0x', ...parts.map(({ op, to, value }, at) => packed(op, to, value, payloads[at] ?? '0x'))])]);
				const [decoded] = decodeActions([call(SAFE, batch)]);
				expect(decoded?.exact).toBe(true);
				expect(decoded?.inside.map(({ to, value, data: bytes, operation }) => [operation, to.toLowerCase(), value, bytes])).toEqual(
					parts.map(({ op, to, value }, at) => [op === 1 ? 'delegatecall' : 'call', to, value, payloads[at]]),
				);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('flags', () => {
	const CODE = keccak256('0x01');
	const simulation: Simulation = { block: 1n, succeeds: true, moved: [], approvals: [], left: 0 };
	const flags = (
		actions: readonly Action[],
		more: { text?: string; code?: (at: Address) => CodeFacts | undefined; known?: readonly Address[]; simulation?: Simulation | null } = {},
	) =>
		flagProposal({
			actions: decodeActions(actions),
			text: more.text ?? '',
			code: more.code ?? (() => ({ now: CODE, before: CODE })),
			known: more.known ?? [],
			names: NAMES,
			simulation: more.simulation === undefined ? simulation : more.simulation,
		});
	const codes = (...input: Parameters<typeof flags>): readonly FlagCode[] => flags(...input).map(({ code }) => code);

	test('an honest payment has none', () => {
		expect(flags([call(TOKEN, DRAIN)], { text: `Pay ${THIEF} for the audit.` })).toEqual([]);
	});

	const permit = data('permit', [TIMELOCK, THIEF, maxUint256, maxUint256, 27, NO32, NO32]);
	test.each<[FlagCode, Action]>([
		['delegatecall', { to: THIEF, value: 0n, data: DRAIN, operation: 'delegatecall' }],
		['upgrade', call(TOKEN, data('upgradeToAndCall', [SAFE, '0x']))],
		['owner-change', call(TOKEN, data('transferOwnership', [THIEF]))],
		['role-change', call(TIMELOCK, data('grantRole', [NO32, THIEF]))],
		['unlimited-approval', call(TOKEN, data('approve', [THIEF, maxUint256]))],
		['unlimited-approval', call(TOKEN, data('setApprovalForAll', [THIEF, true]))],
		['permit', call(TOKEN, permit)],
		['odd-bytes', call(TOKEN, concat([DRAIN, '0x00']))],
	])('%s is a danger, deep inside too', (code, action) => {
		expect(flags([action])).toContainEqual(expect.objectContaining({ code, severity: 'danger' }));
		if (action.operation === 'delegatecall') return;
		const wrapped = data('multiSend', [packed(0, action.to, 0n, action.data)]);
		expect(codes([call(SAFE, wrapped)])).toContain(code);
	});

	test.each<[FlagCode, Action]>([
		['governance-change', call(TIMELOCK, data('setVotingPeriod', [1]))],
		['new-approval', call(TOKEN, data('approve', [THIEF, 1n]))],
		['unreadable', call(TOKEN, '0x12345678')],
	])('%s is worth a second look', (code, action) => {
		expect(flags([action])).toContainEqual(expect.objectContaining({ code, severity: 'warning' }));
	});

	test('a delegate call is a batch where the contract is Safe’s own, whatever its function is called', () => {
		const batch = data('multiSend', [packed(0, TOKEN, 0n, DRAIN)]);
		const at = (to: Address, bytes: Hex = batch): Action => ({ to, value: 0n, data: bytes, operation: 'delegatecall' });
		expect(codes([at(MULTI_SEND)])).not.toContain('delegatecall');
		expect(codes([at(THIEF)])).toContain('delegatecall');
		const said = (action: Action): string[] =>
			decodeActions([action]).map((each) => sentence(each, { nameOf: () => null, tokenAt: () => null, currency: 'ETH' }));
		expect(said(at(THIEF))).toEqual([`Runs the code of ${THIEF} as if it were its own.`]);
		expect(said(at(MULTI_SEND))).toEqual(['Makes 1 calls in one.']);
		expect(codes([at(MULTI_SEND, concat([batch, '0x00']))])).toContain('delegatecall');
	});

	test('taking an approval back is none', () => {
		expect(codes([call(TOKEN, data('approve', [THIEF, 0n]))])).toEqual([]);
	});

	test('code that is missing, younger than the proposal, or another than then', () => {
		expect(codes([call(TOKEN, DRAIN)], { code: () => ({ now: null }) })).toContain('no-code');
		expect(codes([call(TOKEN, DRAIN)], { code: () => ({ now: CODE, before: null }) })).toContain('young-code');
		expect(codes([call(TOKEN, DRAIN)], { code: () => ({ now: CODE, before: keccak256('0x02') }) })).toContain('code-changed');
		expect(codes([call(THIEF, '0x', 1n)], { code: () => ({ now: null, before: null }) })).toEqual([]);
		expect(codes([call(TOKEN, DRAIN)], { code: () => ({ now: CODE }) })).toEqual([]);
	});

	test('an address that looks like one that is known', () => {
		const twin = `${THIEF.slice(0, 8)}${'ab'.repeat(15)}${THIEF.slice(-4)}` as Address;
		expect(looksLike(THIEF, twin)).toBe(true);
		expect(looksLike(THIEF, THIEF)).toBe(false);
		expect(codes([call(TOKEN, data('transfer', [twin, 1n]))], { known: [THIEF] })).toContain('look-alike');
		expect(codes([call(TOKEN, data('transfer', [THIEF, 1n]))], { known: [THIEF] })).toEqual([]);
	});

	test('what the text leaves out', () => {
		expect(codes([])).toEqual(['no-actions']);
		expect(codes([call(TOKEN, DRAIN)], { text: `Pay ${SAFE}.` })).toContain('not-in-text');
		expect(codes([call(THIEF, '0x', 1n)], { text: `Pay ${SAFE}.` })).toContain('not-in-text');
		expect(codes([call(TOKEN, DRAIN)], { text: 'Pay the auditors.' })).toEqual([]);
	});

	test('what trying it out showed', () => {
		const moved = (share: number | null) => ({ ...simulation, moved: [{ token: TOKEN as Address, out: 10n ** 21n, in: 0n, share }] });
		expect(codes([call(TOKEN, DRAIN)], { simulation: null })).toEqual(['not-simulated']);
		expect(codes([call(TOKEN, DRAIN)], { simulation: { ...simulation, succeeds: false } })).toEqual(['would-fail']);
		expect(codes([call(TOKEN, DRAIN)], { simulation: { ...simulation, left: 1 } })).toEqual(['not-simulated']);
		expect(codes([call(TOKEN, DRAIN)], { simulation: moved(0.01) })).toEqual([]);
		expect(flags([call(TOKEN, DRAIN)], { simulation: moved(0.06) })).toMatchObject([{ code: 'treasury-share', severity: 'warning' }]);
		expect(flags([call(TOKEN, DRAIN)], { simulation: moved(1) })).toMatchObject([
			{ severity: 'danger', message: 'All of the treasury’s DAI would leave it (1,000 DAI).' },
		]);
		const approvals = [{ token: TOKEN as Address, spender: THIEF as Address, amount: maxUint256 }];
		expect(codes([call(TOKEN, '0x12345678')], { simulation: { ...simulation, approvals } })).toEqual(['unlimited-approval', 'unreadable']);
	});
});

describe('power', () => {
	const votes = [50n, 20n, 10n, 10n, 5n, 5n].map((weight, index) => ({ voter: address(`0${index + 1}`), weight }));

	test('shares, the fewest who decide, and one’s own', () => {
		expect(powerStatistics({ votes, own: [address('03')], counted: 30n, quorum: 40n })).toEqual({
			total: 100n,
			voters: 6,
			top1: 0.5,
			top3: 0.8,
			top10: 1,
			nakamoto: 2,
			own: 0.1,
			quorum: 0.75,
		});
		expect(powerStatistics({ votes, total: 1_000n })).toMatchObject({ top1: 0.05, nakamoto: null, quorum: null });
		expect(powerStatistics({ votes: [] })).toMatchObject({ total: 0n, top1: 0, nakamoto: null });
	});

	test('one voter’s votes are added up, in whatever case their address is written', () => {
		const twice = [...votes, { voter: address('01').toUpperCase().replace('0X', '0x'), weight: 100n }];
		expect(powerStatistics({ votes: twice })).toMatchObject({ voters: 6, top1: 0.75, nakamoto: 1 });
	});

	test('top shares grow, and whoever decides has more than half', () => {
		fc.assert(
			fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { maxLength: 40 }), (weights) => {
				const stats = powerStatistics({ votes: weights.map((weight, index) => ({ voter: String(index), weight })) });
				expect(stats.top1).toBeLessThanOrEqual(stats.top3);
				expect(stats.top3).toBeLessThanOrEqual(stats.top10);
				expect(stats.nakamoto === null).toBe(stats.total === 0n);
				const sorted = [...weights].sort((a, b) => (a < b ? 1 : -1));
				const sum = sorted.slice(0, stats.nakamoto ?? 0).reduce((all, each) => all + each, 0n);
				if (stats.nakamoto !== null) expect(sum * 2n).toBeGreaterThan(stats.total);
			}),
		);
	});
});
