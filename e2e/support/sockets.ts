import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { descendants } from '../launcher/processes.ts';

/** Inodes of the internet sockets (TCP and UDP) of this machine (Linux). */
function internetSockets(): Set<string> {
	const inodes = new Set<string>();
	for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) {
		for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
			const inode = line.trim().split(/\s+/)[9];
			if (inode !== undefined && inode !== '0') inodes.add(inode);
		}
	}
	return inodes;
}

/** The internet sockets that the processes below `pid` have open now, itself included. */
export function socketsBelow(pid: number): Set<string> {
	const all = internetSockets();
	const own = new Set<string>();
	for (const each of [pid, ...descendants(pid).map((process) => process.pid)]) {
		try {
			for (const descriptor of readdirSync(`/proc/${each}/fd`)) {
				const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${each}/fd/${descriptor}`)) ?? [];
				if (inode !== undefined && all.has(inode)) own.add(inode);
			}
		} catch {
			// It has ended meanwhile.
		}
	}
	return own;
}

/** Looks again and again until `stop`; gives the sockets that were not there at the start. */
export function watchSockets(pids: readonly number[]): { readonly stop: () => number } {
	const look = (): string[] => pids.flatMap((pid) => [...socketsBelow(pid)]);
	const before = new Set(look());
	const opened = new Set<string>();
	const timer = setInterval(() => {
		for (const inode of look()) if (!before.has(inode)) opened.add(inode);
	}, 250);
	return {
		stop: () => {
			clearInterval(timer);
			return opened.size;
		},
	};
}
