/** The Node that starts the commands. Electron and the scripts themselves run on Node 24. */
export const MINIMUM_NODE = 20;
export const SCRIPT_NODE = 24;

/** The first number of a version such as `24.9.0` or `v24.9.0`; 0 when it cannot be read. */
export function major(version) {
	const match = /^v?(\d+)\./.exec(version.trim());
	return match?.[1] === undefined ? 0 : Number(match[1]);
}

/** One sentence for a person when this Node is too old, else `undefined`. */
export function versionProblem(version) {
	if (major(version) >= MINIMUM_NODE) return undefined;
	return `Holdfast needs Node.js ${MINIMUM_NODE} or newer, and this is ${version}. Install a newer one from https://nodejs.org, then run the same command again.`;
}
