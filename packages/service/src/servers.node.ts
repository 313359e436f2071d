import { networkInterfaces } from 'node:os';
import type { ServiceStatus } from '@holdfast/contract';
import { createIssuer, createVerifier, type Issuer, readUrl, type Served, serve, type Verifier } from '@holdfast/oid4vc';
import { ServiceError } from './errors.ts';
import { issuerDeps } from './issuer.node.ts';
import { revocationsEndpoint } from './proofs/revocations.node.ts';
import type { Session } from './session.node.ts';
import { readAddress, writeAddress } from './settings.node.ts';
import { statusResponse } from './statuses.node.ts';
import { verifierDeps } from './verifier.node.ts';

type Kind = ServiceStatus['kind'];

export const DEFAULT_PORTS: Readonly<Record<Kind, number>> = { issuer: 8471, verifier: 8472 };

/** The issuer's and verifier's HTTP services: off until the user starts them, gone when the wallet locks. */
export interface Servers {
	status(): ServiceStatus[];
	start(input: { kind: Kind; host: string; port: number; publicUrl: string | null }): Promise<ServiceStatus[]>;
	stop(kind: Kind): Promise<ServiceStatus[]>;
	stopAll(): Promise<void>;
	/** The issuer at its address. @throws ServiceError services/off */
	issuer(): Issuer;
	/** @throws ServiceError services/off */
	verifier(): Verifier;
	/** Where the issuer is, or will be when it is started again; null where nobody can know. */
	issuerUrl(): string | null;
}

interface Running {
	readonly server: Served;
	readonly url: string;
	readonly host: string;
	readonly publicUrl: string | null;
}

/** The addresses of this machine that a service can listen on; this computer alone comes first. */
export function interfaces(): { host: string; label: string }[] {
	const others = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
		(addresses ?? []).flatMap(({ address, family, internal }) =>
			internal || family !== 'IPv4' ? [] : [{ host: address, label: `${name} (${address}), others on this network` }],
		),
	);
	return [{ host: '127.0.0.1', label: 'This computer only' }, ...others];
}

export function createServers(session: () => Session): Servers {
	const running = new Map<Kind, Running>();

	const baseUrl = (kind: Kind): string => {
		const found = running.get(kind);
		if (found) return found.url;
		const { ports, vault } = session();
		const elsewhere = ports.servicesElsewhere ? readAddress(vault, kind) : undefined;
		if (!elsewhere) throw new ServiceError('services/off', `Start the ${kind} service first: nobody could reach this wallet.`, { kind });
		return elsewhere.url;
	};

	const issuer = (url: string): Issuer => createIssuer(issuerDeps(session(), url));
	const verifier = (url: string): Verifier => createVerifier(verifierDeps(session(), url));

	const status = (): ServiceStatus[] =>
		(['issuer', 'verifier'] as const).map((kind) => {
			const found = running.get(kind);
			const last = readAddress(session().vault, kind);
			return {
				kind,
				running: found !== undefined,
				url: found?.url ?? null,
				host: found?.host ?? last?.host ?? '127.0.0.1',
				port: found?.server.port ?? last?.port ?? DEFAULT_PORTS[kind],
				publicUrl: found?.publicUrl ?? last?.publicUrl ?? null,
			};
		});

	const stop = async (kind: Kind): Promise<void> => {
		const found = running.get(kind);
		running.delete(kind);
		await found?.server.close();
	};

	return {
		status,
		async start({ kind, host, port, publicUrl }) {
			if (running.has(kind)) throw new ServiceError('services/running', `The ${kind} service is already running.`, { kind });
			if (!interfaces().some((each) => each.host === host))
				throw new ServiceError('services/no-such-interface', 'This computer has no such address any more. Choose another.');
			// http is for a reverse proxy on this computer; what others reach is https.
			if (publicUrl && !readUrl(publicUrl, true))
				throw new ServiceError('services/not-https', 'A public address has to begin with https://, or lead to this computer.');
			let handle: ((request: Request) => Promise<Response>) | undefined;
			// The address is part of what the service says, and is known only once the port is.
			const server = await serve((request) => handle?.(request) ?? Promise.resolve(new Response(null, { status: 503 })), { host, port });
			const url = publicUrl?.replace(/\/+$/, '') ?? `http://${host}:${server.port}`;
			const service = kind === 'issuer' ? issuer(url) : verifier(url);
			const lists = kind === 'issuer' ? revocationsEndpoint(session(), url) : undefined;
			const statuses = (request: Request) => (kind === 'issuer' ? statusResponse(session(), url, request) : Promise.resolve(null));
			handle = async (request) => (await lists?.(request)) ?? (await statuses(request)) ?? service.handle(request);
			running.set(kind, { server, url, host, publicUrl });
			writeAddress(session().vault, kind, { host, port: server.port, publicUrl, url });
			session().changed('services');
			return status();
		},
		async stop(kind) {
			await stop(kind);
			session().changed('services');
			return status();
		},
		async stopAll() {
			await Promise.all([stop('issuer'), stop('verifier')]);
		},
		issuer: () => issuer(baseUrl('issuer')),
		verifier: () => verifier(baseUrl('verifier')),
		issuerUrl: () => {
			const found = running.get('issuer');
			if (found) return found.url;
			const { ports, vault } = session();
			const last = readAddress(vault, 'issuer');
			// A port that was free last time may be another's next time; a public address, or another process, is there.
			return last && (ports.servicesElsewhere || last.publicUrl !== null) ? last.url : null;
		},
	};
}
