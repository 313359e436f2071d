import fc from 'fast-check';
import { type Abi, type Address, encodeFunctionData, type Hex, parseAbi, parseAbiItem } from 'viem';
import { expect, describe as suite, test } from 'vitest';
import { type Action, decodeActions } from './decode.ts';
import { DESCRIPTOR_LIMITS, type DescriptorFile, describe, describedTokens, readDescriptor, signaturesOf } from './descriptors.ts';
import { ProposalError } from './errors.ts';
import type { Names } from './words.ts';

// Descriptors in the shapes of both versions of ERC-7730, written for these tests.

const POOL: Address = '0x1111111111111111111111111111111111111111';
const COIN: Address = '0x2222222222222222222222222222222222222222';
const ADA: Address = '0x3333333333333333333333333333333333333333';
const MAX = 2n ** 256n - 1n;

const pool = {
	context: { $id: 'Pool', contract: { abi: 'https://nobody.asks.example', deployments: [{ chainId: 1, address: POOL.toLowerCase() }] } },
	metadata: {
		owner: 'Example Pool',
		info: { url: 'https://example.org' },
		enums: { rate: { '1': 'stable', '2': 'variable' } },
		constants: { max: `0x${'f'.repeat(64)}` },
	},
	display: {
		definitions: { receiver: { label: 'Receiver', format: 'addressName' } },
		formats: {
			'repay(address asset, uint256 amount, uint256 rateMode, address onBehalfOf)': {
				intent: 'Repay a loan',
				fields: [
					{ path: 'amount', format: 'tokenAmount', label: 'Amount', params: { tokenPath: 'asset', threshold: '$.metadata.constants.max', message: 'All' } },
					{ path: 'rateMode', format: 'enum', label: 'Rate', params: { $ref: '$.metadata.enums.rate' } },
					{ path: '#.onBehalfOf', $ref: '$.display.definitions.receiver', label: 'For' },
				],
				required: ['amount'],
			},
			'swap((address from, bytes path, uint256 deadline) order, uint256[] amounts)': {
				intent: { what: 'Swap' },
				interpolatedIntent: 'Swap {amounts}',
				fields: [
					{
						path: 'order',
						fields: [
							{ path: 'from', label: 'From', format: 'addressName' },
							{ path: 'deadline', label: 'Until', format: 'date', params: { encoding: 'timestamp' } },
						],
					},
					{ path: 'order.path.[-20:]', label: 'Last token', format: 'addressName' },
					{ path: 'amounts.[]', label: 'Amount', format: 'unit', params: { base: '%', decimals: 2 } },
					{ path: 'amounts.[0]', label: 'First', format: 'raw' },
					{ path: '@.value', label: 'Paid', format: 'amount' },
					{ value: 'Fixed words', label: 'Note', format: 'raw' },
				],
			},
			'wait(uint256 time, uint256 block, uint256 token)': {
				intent: 'Wait',
				fields: [
					{ path: 'time', label: 'Time', format: 'duration' },
					{ path: 'block', label: 'At', format: 'date', params: { encoding: 'blockheight' } },
					{ path: 'token', label: 'Token', format: 'nftName', params: { collection: COIN } },
					{ path: 'nowhere.at.all', label: 'Missing', format: 'raw' },
				],
			},
			'not a function': { intent: 'x', fields: [] },
		},
	},
};
const file = (json: unknown, name = 'calldata-pool.json'): DescriptorFile => ({ name, text: JSON.stringify(json) });
const abi = parseAbi([
	'struct Order { address from; bytes path; uint256 deadline; }',
	'function repay(address asset, uint256 amount, uint256 rateMode, address onBehalfOf)',
	'function swap(Order order, uint256[] amounts)',
	'function wait(uint256 time, uint256 block, uint256 token)',
]);
const action = (data: Hex, more: Partial<Action> = {}): Action => ({ to: POOL, value: 0n, data, operation: 'call', ...more });
const names: Names = {
	nameOf: (address) => (address === ADA ? 'Ada' : null),
	tokenAt: (address) => (address === COIN ? { symbol: 'COIN', decimals: 6 } : null),
	currency: 'ETH',
};
const repay = (amount: bigint): Hex => encodeFunctionData({ abi, functionName: 'repay', args: [COIN, amount, 2n, ADA] });

suite('a call in the words of a file', () => {
	const descriptor = readDescriptor(file(pool));

	test('amounts in the token’s own terms, words of enumerations beside their numbers, names that the user gave', () => {
		expect(descriptor).toMatchObject({ owner: 'Example Pool', deployments: [{ chainId: 1, address: POOL }] });
		expect(describedTokens([descriptor], 1, action(repay(1n)))).toEqual([COIN]);
		expect(describe([descriptor], 1, action(repay(5_000_000n)), names)).toEqual({
			owner: 'Example Pool',
			intent: 'Repay a loan',
			lines: [
				{ label: 'Amount', value: '5 COIN' },
				{ label: 'Rate', value: 'variable (2)' },
				{ label: 'For', value: `Ada (${ADA})` },
			],
		});
		// The file's word for “no limit” stands beside the number.
		expect(describe([descriptor], 1, action(repay(MAX)), names)?.lines[0]?.value).toMatch(/^All: 115,792,.* COIN$/);
		// A token that does not say what it is has no decimals, whatever a file says.
		expect(describe([descriptor], 1, action(repay(5_000_000n)), { ...names, tokenAt: () => null })?.lines[0]?.value).toBe(
			`5,000,000 base units of the token ${COIN}`,
		);
	});

	test('groups, arrays, slices, the call itself, times', () => {
		const order = { from: ADA, path: `0x${'00'.repeat(23)}${COIN.slice(2)}` as Hex, deadline: 1_800_000_000n };
		const swap = action(encodeFunctionData({ abi, functionName: 'swap', args: [order, [150n, 1n]] }), { value: 10n ** 18n });
		expect(describe([descriptor], 1, swap, names)).toMatchObject({
			intent: 'Swap',
			lines: [
				{ label: 'From', value: `Ada (${ADA})` },
				{ label: 'Until', value: '2027-01-15 08:00 UTC' },
				{ label: 'Last token', value: COIN },
				{ label: 'Amount', value: '1.5 %' },
				{ label: 'Amount', value: '0.01 %' },
				{ label: 'First', value: '150' },
				{ label: 'Paid', value: '1 ETH' },
				{ label: 'Note', value: 'Fixed words' },
			],
		});
		const wait = action(encodeFunctionData({ abi, functionName: 'wait', args: [7200n, 99n, 4n] }));
		expect(describe([descriptor], 1, wait, names)?.lines).toEqual([
			{ label: 'Time', value: '2 hours' },
			{ label: 'At', value: 'block 99' },
			{ label: 'Token', value: `token 4 of ${COIN}` },
		]);
	});

	test('only for its own contracts, on their networks, and for exactly these bytes', () => {
		const data = repay(1n);
		expect(describe([descriptor], 10, action(data), names)).toBeNull();
		expect(describe([descriptor], 1, action(data, { to: ADA }), names)).toBeNull();
		expect(describe([descriptor], 1, action(data, { operation: 'delegatecall' }), names)).toBeNull();
		expect(describe([descriptor], 1, action(`${data}00`), names)).toBeNull();
		expect(describe([descriptor], 1, action(data.slice(0, -2) as Hex), names)).toBeNull();
		expect(describe([descriptor], 1, action('0x'), names)).toBeNull();
		expect(describe([], 1, action(data), names)).toBeNull();
	});

	test('makes unknown functions known by their types alone, and opens nothing', () => {
		const signatures = signaturesOf([descriptor]);
		expect(signatures).toContain('repay(address,uint256,uint256,address)');
		const [decoded] = decodeActions([action(repay(1n))], signatures);
		expect(decoded?.call?.args.map(({ name }) => name)).toEqual(['#1', '#2', '#3', '#4']);
		// A function that is only named as one that Holdfast opens.
		const lying = { ...pool, display: { formats: { 'execute(uint256 a, uint256 b)': { intent: 'x', fields: [] } } } };
		const execute = encodeFunctionData({ abi: parseAbi(['function execute(uint256 a, uint256 b)']), args: [1n, 2n] });
		expect(decodeActions([action(execute)], signaturesOf([readDescriptor(file(lying))]))[0]).toMatchObject({ inside: [], exact: true });
	});
});

suite('files that build on others', () => {
	const common = { display: pool.display, metadata: { ...pool.metadata, owner: 'Common' } };
	const over = {
		includes: '../shared/common.json',
		context: pool.context,
		metadata: { owner: 'Own' },
		display: { formats: { 'wait(uint256 time, uint256 block, uint256 token)': { intent: 'Pause' } } },
	};

	test('take theirs in and go before them', () => {
		const descriptor = readDescriptor(file(over), [file(common, 'common.json')]);
		expect(descriptor.owner).toBe('Own');
		expect(describe([descriptor], 1, action(repay(1n)), names)?.intent).toBe('Repay a loan');
		const wait = action(encodeFunctionData({ abi, functionName: 'wait', args: [1n, 1n, 1n] }));
		expect(describe([descriptor], 1, wait, names)).toMatchObject({ intent: 'Pause', lines: [{ label: 'Time' }, { label: 'At' }, { label: 'Token' }] });
	});

	test('are refused without them, and where they include each other', () => {
		expect(() => readDescriptor(file(over))).toThrow(/common\.json/);
		expect(() => readDescriptor(file(over), [file({ ...common, includes: 'common.json' }, 'common.json')])).toThrow(ProposalError);
	});
});

// Shapes that files of the public registry have, in small files of our own.
suite('shapes of the registry', () => {
	const ROUTER: Address = '0x4444444444444444444444444444444444444444';
	const NATIVE: Address = '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE';
	const OTHER: Address = '0x5555555555555555555555555555555555555555';
	const router = (formats: object, more: object = {}, contract: object = {}) =>
		readDescriptor(
			file({
				context: { contract: { deployments: [{ chainId: 1, address: ROUTER }], ...contract } },
				metadata: { owner: 'Router', constants: { native: NATIVE, ticker: 'vCOIN', note: 'Max' }, ...more },
				display: {
					definitions: { sent: { label: 'Sent', format: 'tokenAmount', params: { nativeCurrencyAddress: ['$.metadata.constants.native'] } } },
					formats,
				},
			}),
		);
	const lines = (descriptor: ReturnType<typeof router>, key: string, args: readonly unknown[], known: Names = names) =>
		describe([descriptor], 1, action(encodeFunctionData({ abi: [parseAbiItem(`function ${key}`)] as Abi, args }), { to: ROUTER }), known)?.lines.map(
			({ label, value }) => `${label}: ${value}`,
		);
	const word = (address: Address, flags = 0n) => (flags << 160n) + BigInt(address);
	const one = (field: object, key = 'f(uint256 a, address b)') => router({ [key]: { fields: [field] } });

	test('addresses and numbers that are sliced out of words and bytes', () => {
		const key = 'swap(uint256 token, uint256 amount, uint256 until, bytes data, uint32 small)';
		const swap = router(
			{
				[key]: {
					fields: [
						{ path: 'amount', $ref: '$.display.definitions.sent', params: { tokenPath: 'token.[-20:]' } },
						{ path: 'until.[-4:]', label: 'Until', format: 'date' },
						{ path: '#.data.[1:33]', label: 'In data', format: 'tokenAmount', params: { tokenPath: '#.data.[33:]' } },
						{ path: 'data.[:1]', label: 'Kind', format: 'enum', params: { $ref: '$.metadata.enums.kind' } },
						{ path: 'small.[-1:]', label: 'Byte', format: 'unit', params: { base: 'x' } },
					],
				},
			},
			{ enums: { kind: { '82': 'Single' } } },
		);
		const data = `0x52${7_000_000n.toString(16).padStart(64, '0')}${COIN.slice(2).padStart(64, '0')}`;
		expect(lines(swap, key, [word(COIN, 1n << 90n), 5_000_000n, (9n << 64n) + 1_800_000_000n, data, 300])).toEqual([
			'Sent: 5 COIN',
			'Until: 2027-01-15 08:00 UTC',
			'In data: 7 COIN',
			'Kind: Single (0x52)',
			'Byte: 44 x',
		]);
	});

	test('each amount of a list with its own token, and none with another one’s', () => {
		const key = 'f((address token, uint256 amount, bytes data, address to)[] all, address[] fewer)';
		const list = router({
			[key]: {
				fields: [
					{ path: 'all.[].amount', label: 'Amount', format: 'tokenAmount', params: { tokenPath: 'all.[].token' } },
					{ path: 'all.[].data', label: 'Call', format: 'calldata', params: { calleePath: 'all.[].to' } },
					{ path: 'all.[].amount', label: 'Unclear', format: 'tokenAmount', params: { tokenPath: 'fewer.[]' } },
				],
			},
		});
		const entry = (token: Address, to: Address) => ({ token, amount: 2_000_000n, data: '0x1234', to });
		const args = [
			[entry(OTHER, ADA), entry(COIN, ROUTER), entry(COIN, ADA)],
			[COIN, COIN],
		] as const;
		expect(lines(list, key, args)).toEqual([
			`Amount: 2,000,000 base units of the token ${OTHER}`,
			'Amount: 2 COIN',
			'Amount: 2 COIN',
			`Call: 2 bytes for Ada (${ADA})`,
			`Call: 2 bytes for ${ROUTER}`,
			`Call: 2 bytes for Ada (${ADA})`,
			'Unclear: 2,000,000 base units',
			'Unclear: 2,000,000 base units',
			'Unclear: 2,000,000 base units',
		]);
		const data = encodeFunctionData({ abi: [parseAbiItem(`function ${key}`)] as Abi, args });
		expect(describedTokens([list], 1, action(data, { to: ROUTER }))).toEqual([OTHER, COIN]);
	});

	test('paths within a group, the network’s currency, and a token that a file calls the currency', () => {
		const key = 'f((address from, uint256 amount) order)';
		const group = router({
			[key]: { fields: [{ path: '#.order', fields: [{ path: 'amount', $ref: '$.display.definitions.sent', params: { tokenPath: 'from' } }] }] },
		});
		expect(lines(group, key, [{ from: COIN, amount: 3_000_000n }])).toEqual(['Sent: 3 COIN']);
		expect(lines(group, key, [{ from: NATIVE, amount: 10n ** 18n }])).toEqual([`Sent: 1 ETH (${NATIVE})`]);
		const lying = router({
			[key]: { fields: [{ path: 'order.amount', label: 'Sent', format: 'tokenAmount', params: { tokenPath: 'order.from', nativeCurrencyAddress: COIN } }] },
		});
		expect(lines(lying, key, [{ from: COIN, amount: 3_000_000n }])).toEqual(['Sent: 3 COIN']);
	});

	test('what a file hides, asks for, shows at times, or calls encrypted', () => {
		const key = 'f(uint256 a, address b)';
		expect(lines(one({ path: 'a', label: 'A', visible: 'never' }), key, [1n, ADA])).toEqual([]);
		const unless = one({ path: 'a', label: 'A', format: 'raw', visible: { ifNotIn: ['0x1', 2] } });
		expect(lines(unless, key, [1n, ADA])).toEqual([]);
		expect(lines(unless, key, [2n, ADA])).toEqual([]);
		expect(lines(unless, key, [3n, ADA])).toEqual(['A: 3']);
		const must = one({ path: 'b', label: 'B', visible: { mustMatch: [ADA.toLowerCase()] } });
		expect(lines(must, key, [1n, ADA])).toEqual([]);
		expect(lines(must, key, [1n, COIN])).toBeUndefined();
		expect(lines(one({ path: 'a', label: 'A', format: 'tokenAmount', encryption: { scheme: 'x', fallbackLabel: '[Hidden]' } }), key, [7n, ADA])).toEqual([
			'A: [Hidden] (7)',
		]);
	});

	test('who sends it, the network, maps, fixed values of the file, and members that are null', () => {
		const key = 'f(uint256 a, address b)';
		expect(lines(one({ path: '@.from', label: 'By', format: 'addressName' }), key, [1n, ADA])).toEqual(['By: whoever carries this out']);
		expect(
			lines(one({ value: '$.metadata.constants.ticker', label: 'Shares', format: 'raw', path: null, params: null, visible: null }), key, [1n, ADA]),
		).toEqual(['Shares: vCOIN']);
		const map = (values: object) =>
			router(
				{
					[key]: {
						intent: null,
						fields: [{ path: 'a', label: 'A', format: 'tokenAmount', params: { token: { map: '$.metadata.maps.under', keyPath: '@.chainId' } } }],
					},
				},
				{ maps: { under: { $keyType: 'chain', values } } },
			);
		expect(lines(map({ '1': COIN, '10': OTHER }), key, [1_000_000n, ADA])).toEqual(['A: 1 COIN']);
		expect(lines(map({ '10': COIN }), key, [1_000_000n, ADA])).toEqual(['A: 1,000,000 base units']);
		expect(lines(one({ path: 'b', label: 'T', format: 'tokenTicker' }), key, [1n, COIN])).toEqual([`T: COIN (${COIN})`]);
		expect(lines(one({ path: 'a', label: 'T', format: 'addressName' }), key, [word(ADA), ADA])).toEqual([`T: Ada (${ADA})`]);
	});

	test('tokens of another network, the sender by another name, and amounts below zero', () => {
		const key = 'f(uint256 a, address b, uint256 chain)';
		const away = (params: object) => router({ [key]: { fields: [{ path: 'a', label: 'A', format: 'tokenAmount', params: { tokenPath: 'b', ...params } }] } });
		const args = [5_000_000n, COIN, 10n] as const;
		for (const params of [{ chainIdPath: 'chain' }, { chainId: 10 }]) {
			expect(lines(away(params), key, args)).toEqual([`A: 5,000,000 base units of the token ${COIN} on chain 10`]);
			const data = encodeFunctionData({ abi: [parseAbiItem(`function ${key}`)] as Abi, args });
			expect(describedTokens([away(params)], 1, action(data, { to: ROUTER }))).toEqual([]);
		}
		expect(lines(away({ chainId: 1 }), key, args)).toEqual(['A: 5 COIN']);
		const sender = router({
			[key]: { fields: [{ path: 'b', label: 'For', format: 'addressName', params: { senderAddress: ['$.metadata.constants.native'] } }] },
		});
		expect(lines(sender, key, [1n, NATIVE, 1n])).toEqual([`For: whoever carries this out (${NATIVE})`]);
		expect(lines(sender, key, [1n, ADA, 1n])).toEqual([`For: Ada (${ADA})`]);
		const signed = 'f(int256 a, int64 b)';
		const below = (format: string, params = {}) =>
			lines(router({ [signed]: { fields: [{ path: 'a', label: 'A', format, params }] } }), signed, [-1_500_000n, -1n]);
		expect(below('tokenAmount', { token: COIN })).toEqual(['A: -1.5 COIN']);
		expect(below('unit', { base: 'm', decimals: 3 })).toEqual(['A: -1,500 m']);
		for (const format of ['date', 'duration', 'amount', 'enum', 'addressName', 'calldata', 'raw']) expect(below(format)).toHaveLength(1);
	});

	test('old files: functions by selector or types, with names in the file itself or nowhere', () => {
		const own = [
			null,
			'x',
			{ type: 'function', name: 'f', inputs: 7 },
			{ type: 'function', name: 'go', inputs: [{ name: 'to', type: 'address' }], outputs: [] },
		];
		const format = { intent: 'Go', fields: [{ path: '#.to', label: 'To', format: 'addressName' }] };
		const selector = encodeFunctionData({ abi: parseAbi(['function go(address to)']), args: [ADA] }).slice(0, 10);
		for (const key of [selector, 'go(address)']) {
			expect(lines(router({ [key]: format }, {}, { abi: own }), 'go(address to)', [ADA])).toEqual([`To: Ada (${ADA})`]);
			expect(() => router({ [key]: format }, {}, { abi: 'https://nobody.asks.example' })).toThrow(/names of the arguments/);
		}
		// A struct whose members have no names.
		expect(() => router({ 'go((address,uint256) order)': { fields: [{ path: 'order.to', label: 'To' }] } })).toThrow(/names of the arguments/);
		// Without arguments among its fields, types are enough.
		expect(lines(router({ 'go(address)': { fields: [{ path: '@.value', label: 'Paid', format: 'amount' }] } }), 'go(address to)', [ADA])).toEqual([
			'Paid: 0 ETH',
		]);
	});

	test('a field of an included file keeps what the other does not say of it, however both space the function', () => {
		const base = {
			display: {
				formats: {
					'f(uint256 a, tuple(address to, uint256 n)[] b)': {
						intent: 'Do',
						fields: [
							{ path: 'a', label: 'A', format: 'tokenAmount', params: { token: COIN, threshold: '0x10', message: 'All' } },
							{ path: 'b.[].to', label: 'To', format: 'addressName' },
						],
					},
				},
			},
		};
		const over = {
			includes: './base.json',
			context: { contract: { deployments: [{ chainId: 1, address: ROUTER }] } },
			display: {
				formats: {
					'f( uint256 a,(address to,uint256 n)[] b )': {
						fields: [
							{ path: 'a', params: { threshold: '0xff' } },
							{ path: 'b.[].n', label: 'N' },
						],
					},
				},
			},
		};
		const both = readDescriptor(file(over), [file(base, 'base.json')]);
		expect(lines(both, 'f(uint256 a, (address to, uint256 n)[] b)', [100n, [{ to: ADA, n: 5n }]])).toEqual(['A: 0.0001 COIN', `To: Ada (${ADA})`, 'N: 5']);
	});

	test('what cannot be used says why', () => {
		const format = { fields: [] };
		expect(() => router({ 'f(uint256 a)': format, 'f(uint256  a)': format })).toThrow(/twice/);
		expect(() => router({ 'f(uint256 a)': format, 'f(uint256 b)': format })).toThrow(/twice/);
		expect(() => readDescriptor(file({ metadata: { owner: 'X' }, display: { formats: {} } }))).toThrow(/others build on it/);
		expect(() => router({ 'f()': format }, {}, { deployments: [] })).toThrow(/others build on it/);
		expect(() => router({ 'f()': format }, {}, { deployments: null, factory: { deployEvent: 'E()', deployments: [] } })).toThrow(/factory/);
		expect(() => readDescriptor(file({ ...pool, context: { eip712: { domain: {} } } }))).toThrow(/messages that are signed/);
	});
});

suite('what is no description', () => {
	test.each<[string, unknown]>([
		['nothing', null],
		['a list', []],
		['messages', { ...pool, context: { eip712: {} } }],
		['no contract named', { ...pool, context: { contract: { deployments: [] } } }],
		['no address', { ...pool, context: { contract: { deployments: [{ chainId: 1, address: '0x12' }] } } }],
		['no function', { ...pool, display: { formats: { nonsense: {} } } }],
		['no display', { context: pool.context }],
		[
			'fields that go round in circles',
			{
				...pool,
				display: {
					definitions: { a: { $ref: '$.display.definitions.a', fields: [{ $ref: '$.display.definitions.a' }] } },
					formats: { 'f()': { fields: [{ $ref: '$.display.definitions.a' }] } },
				},
			},
		],
	])('%s', (_what, json) => {
		expect(() => readDescriptor(file(json))).toThrow(expect.objectContaining({ code: 'web3/bad-descriptor' }));
	});

	test('text that is no JSON, or too much of it', () => {
		expect(() => readDescriptor({ name: 'a', text: '{' })).toThrow(ProposalError);
		expect(() => readDescriptor({ name: 'a', text: ' '.repeat(DESCRIPTOR_LIMITS.text + 1) })).toThrow(ProposalError);
	});

	test('whatever is changed in one, it is read or refused, and never more', () => {
		const key = 'repay(address asset, uint256 amount, uint256 rateMode, address onBehalfOf)';
		const params = { tokenPath: 'asset.[-20:]', chainIdPath: '@.chainId', nativeCurrencyAddress: ['$.metadata.constants.max'], threshold: '0x10' };
		const fields = [
			{ path: '#.amount.[:32]', label: 'A', format: 'tokenAmount', params, visible: { ifNotIn: [1, '0x2'] } },
			{ path: 'rateMode', format: 'unit', params: { base: { map: '$.metadata.enums', keyPath: '@.chainId' }, decimals: 4 }, visible: 'optional' },
			{ path: 'onBehalfOf', format: 'addressName', params: { senderAddress: null }, encryption: { fallbackLabel: 'x' } },
			{ path: '@.from', fields: [{ path: 'amount', format: 'date', visible: { mustMatch: ['0x0'] } }] },
		];
		const rich = JSON.stringify({ ...pool, display: { formats: { [key]: { intent: 'x', fields } } } });
		fc.assert(
			fc.property(
				fc.constantFrom(JSON.stringify(pool), rich),
				fc.nat(),
				fc.string({ maxLength: 4 }),
				fc.bigInt({ min: 0n, max: MAX }),
				(text, at, put, amount) => {
					const index = at % text.length;
					try {
						const changed = readDescriptor({ name: 'a', text: text.slice(0, index) + put + text.slice(index + put.length) });
						const said = describe([changed], 1, action(repay(amount)), names);
						for (const { label, value } of said?.lines ?? []) expect([typeof label, typeof value]).toEqual(['string', 'string']);
					} catch (error) {
						expect(error).toBeInstanceOf(ProposalError);
					}
				},
			),
			{ numRuns: 800 },
		);
	});
});
