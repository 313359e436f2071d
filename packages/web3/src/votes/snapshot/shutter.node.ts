import { Worker } from 'node:worker_threads';
import { hexEncode, utf8 } from '@holdfast/crypto';
import type { Random } from '@holdfast/kernel';
import { type Hex, hexToBytes } from 'viem';
import { VoteError } from '../errors.ts';
import type { SnapshotPorts } from './adapter.ts';
import type { ShutterTask } from './shutter-thread.node.ts';

/** The public key of the keypers who open Snapshot's encrypted votes when a vote closes, as sx.js has it (packages/sx.js, offchain/utils). */
const EON_KEY =
	'0x0e6493bbb4ee8b19aa9b70367685049ff01dc9382c46aed83f8bc07d2a5ba3e6030bd83b942c1fd3dff5b79bef3b40bf6b666e51e7f0be14ed62daaffad47435265f5c9403b1a801921981f7d8659a9bd91fe92fb1cf9afdb16178a532adfaf51a237103874bb03afafe9cab2118dae1be5f08a0a28bf488c1581e9db4bc23ca';

const TIMEOUT_MS = 20_000;

/**
 * Encrypts choices for Shutter: each in a thread that ends with it. `threadUrl` is where a bundled host has put the thread.
 *
 * The keypers together can open every choice at any time; they do so when the vote closes. The ciphertext hides the choice, and
 * nothing else.
 */
export function createShutter(
	random: Random,
	threadUrl = new URL('./shutter-thread.node.ts', import.meta.url),
	eonKey: Hex = EON_KEY,
): NonNullable<SnapshotPorts['encrypt']> {
	return async (plain, proposalId) => {
		const task: ShutterTask = { message: utf8(plain), eonKey: hexToBytes(eonKey), epochId: hexToBytes(proposalId), sigma: random.bytes(32) };
		const thread = new Worker(threadUrl, { name: 'holdfast-shutter', stdout: true, stderr: true });
		try {
			const bytes = await new Promise<Uint8Array>((resolve, reject) => {
				const late = setTimeout(() => reject(notEncrypted()), TIMEOUT_MS);
				thread.once('message', (answer: Uint8Array) => {
					clearTimeout(late);
					resolve(answer);
				});
				for (const end of ['error', 'exit'] as const) {
					thread.once(end, () => {
						clearTimeout(late);
						reject(notEncrypted());
					});
				}
				thread.postMessage(task);
			});
			if (!(bytes instanceof Uint8Array) || bytes.length < 64) throw notEncrypted();
			return `0x${hexEncode(bytes)}` as Hex;
		} finally {
			await thread.terminate();
		}
	};
}

const notEncrypted = () => new VoteError('vote/not-encrypted', 'The choice could not be encrypted. Nothing was signed or sent. Try again.');
