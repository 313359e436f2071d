import { base64urlEncode, utf8 } from '@holdfast/crypto';
import type { Json } from '@holdfast/kernel';
import { expect, it } from 'vitest';
import { encodeDisclosure, ISSUER, NOW, parties, signAnything } from './fixture.ts';
import { digestText } from './hash.ts';
import { describe, LIMITS, parse, whatIsLearned } from './index.ts';

// The most expensive input that the limits let through. Nothing is timed: what does not come back fails by the runner's limit.

const all = parties('dc+sd-jwt');
const sign = (payload: { [name: string]: Json }): Promise<string> =>
	signAnything({ typ: 'dc+sd-jwt', alg: 'ES256' }, { iss: ISSUER, iat: NOW, vct: 'urn:x', ...payload }, all.issuer);

it('reads, describes and verifies as many disclosures, digests and values as it accepts', async () => {
	const disclosures = Array.from({ length: LIMITS.disclosures }, (_, index) => encodeDisclosure([`s${index}`, `name${index}`, index]));
	const decoys = Array.from({ length: LIMITS.digests - LIMITS.disclosures - 500 }, (_, index) => `d${index}`);
	const raw = [
		await sign({ _sd: [...disclosures.map((each) => digestText('sha-256', each)), ...decoys], more: Array.from({ length: 900 }, () => 1) }),
		...disclosures,
		'',
	].join('~');
	const parsed = parse(raw);
	expect(parsed.disclosures).toHaveLength(LIMITS.disclosures);
	expect(describe(parsed).lines).toHaveLength(501);
	expect(
		whatIsLearned(
			parsed,
			parsed.disclosures.slice(0, 1_000).map(({ path }) => path),
		).hidden.length,
	).toBeGreaterThan(0);
	const { report } = await all.verify(raw, { expected: { requireHolderBinding: false } });
	expect(report.result).toBe('passed');
});

it('gives up on one megabyte of anything', async () => {
	const size = 780_000;
	const bodies = [
		'['.repeat(size),
		'{"a":'.repeat(size / 5),
		`[${'1,'.repeat(size / 2)}1]`,
		`{"a":"${'x'.repeat(size)}`,
		`{"_sd":[${'"a",'.repeat(size / 4)}"b"]}`,
	];
	const head = base64urlEncode(utf8('{"alg":"ES256","typ":"dc+sd-jwt"}'));
	for (const body of bodies) {
		const { report } = await all.verify(`${head}.${base64urlEncode(utf8(body))}.AAAA~`);
		expect(report.result).toBe('failed');
	}
	for (const text of ['~', '.', 'A', 'A~', 'e30.e30.AA~']) {
		const { report } = await all.verify(text.repeat(1_000_000 / text.length));
		expect(report.result).toBe('failed');
	}
});
