const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;
const SEGMENT = /^[A-Za-z0-9._-]+$/;

/** What is wrong with a domain and path for did:web (W3C CCG did:web §3.1). A port is written `example.com:8443`. */
export function webTargetProblem(domain: string, path: string): string | undefined {
	if (domain === '') return 'Write the domain that you own.';
	const [host = '', port, ...more] = domain.split(':');
	if (more.length > 0 || (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)))
		return 'Write a domain such as example.com, without https:// and without a path.';
	const labels = host.split('.');
	const isName = labels.every((label) => LABEL.test(label)) && (labels.length > 1 || host === 'localhost');
	// did:web is for names: an address of digits is refused by resolvers.
	if (!isName || /^[\d.]+$/.test(host)) return 'Write a domain such as example.com, without https:// and without a path.';
	if (path !== '' && !path.split('/').every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..'))
		return 'A path has letters, digits, dots and dashes, with / between.';
	return undefined;
}
