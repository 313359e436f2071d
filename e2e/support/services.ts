import type { CallOutput } from '@holdfast/contract';
import type { Tap } from './tap.ts';
import type { Wallet } from './wallet.ts';

type Kind = CallOutput<'services.start'>[number]['kind'];

/** Starts a service behind a tap, so that the tap's address is the one in every offer and request. */
export async function serveBehind(wallet: Wallet, kind: Kind, line: Tap): Promise<void> {
	const services = await wallet.ask('services.start', { kind, host: '127.0.0.1', port: 0, publicUrl: line.url });
	const port = services.find((each) => each.kind === kind)?.port;
	line.connect(`http://127.0.0.1:${port}`);
}
