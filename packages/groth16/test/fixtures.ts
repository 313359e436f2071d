import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { wtns } from 'snarkjs';

/** SHA-256 of the unpacked fixtures, as make-fixtures.ts prints them. */
const HASHES = {
	'signed-claim.zkey': 'dd498cc0a219cfb0f63fa39e98578287e570182b7a10af9d0d5ba2e5a91d167c',
	'signed-claim.wasm': '19e19716f687a7cae8771dc7a8a315c73fc0eb0612e2263aa0064f4e21458fc5',
} as const;

export function fixture(name: keyof typeof HASHES): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(gunzipSync(readFileSync(new URL(`fixtures/${name}.gz`, import.meta.url))));
	if (createHash('sha256').update(bytes).digest('hex') !== HASHES[name]) throw new Error(`${name} is not the file it should be.`);
	return bytes;
}

export const inMemory = (data: Uint8Array): { readonly type: 'mem'; data: Uint8Array } => ({ type: 'mem', data });

/** snarkjs's witness, as a .wtns file. */
export async function witnessFile(inputs: object): Promise<Uint8Array> {
	const target: { type: 'mem'; data?: Uint8Array } = { type: 'mem' };
	await wtns.calculate(inputs, inMemory(fixture('signed-claim.wasm')), target);
	return target.data as Uint8Array;
}

/** The values of a .wtns file: its last section. */
export const witnessValues = (file: Uint8Array, variables: number): Uint8Array => file.slice(file.length - variables * 32);
