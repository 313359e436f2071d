import { readdirSync, readFileSync } from 'node:fs';

interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly command: string;
}

/** The processes of this machine (Linux). */
function processes(): Process[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				// The second field is the name in brackets, and may hold spaces.
				const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
				const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
				return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
			} catch {
				return [];
			}
		});
}

/** Ids of the processes below this one. */
export function descendants(pid: number): Process[] {
	const all = processes();
	const below = (parent: number): Process[] => all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
	return below(pid);
}

export function isAlive(pid: number): boolean {
	try {
		// A process that has ended and was not waited for still has an id.
		return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return false;
	}
}
