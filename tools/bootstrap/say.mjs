/** Progress goes to stdout, one plain sentence a line; problems go to stderr. */
export function say(text) {
	process.stdout.write(`${text}\n`);
}

export function complain(text) {
	process.stderr.write(`${text}\n`);
}

/** `1.4 s`, `2 min 5 s`. */
export function duration(milliseconds) {
	const seconds = milliseconds / 1000;
	if (seconds < 60) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
