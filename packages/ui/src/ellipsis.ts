/** `text` with its middle left out, so that beginning and end can be compared: `did:key:z6Mk…9fQx`. */
export function middleEllipsis(text: string, start = 14, end = 6): string {
	const characters = [...text];
	if (characters.length <= start + end + 1) return text;
	return `${characters.slice(0, start).join('')}…${characters.slice(-end).join('')}`;
}
