/** Modules of white around a symbol (ISO/IEC 18004, quiet zone). */
export const QUIET_ZONE = 4;

/** SVG path data that draws the dark modules as horizontal runs, one unit a module, quiet zone included. */
export function qrPath(matrix: readonly (readonly boolean[])[]): string {
	let path = '';
	for (const [y, row] of matrix.entries()) {
		for (let x = 0; x < row.length; x++) {
			if (!row[x]) continue;
			const from = x;
			while (row[x + 1]) x++;
			const run = x - from + 1;
			path += `M${from + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`;
		}
	}
	return path;
}
