/** Where the screens are. Parameters go through {@link toParam}. */
export const paths = {
	wallet: '/',
	receive: '/add',
	document: (id: string) => `/documents/${id}`,
	present: '/present',
	issue: '/issue',
	issueNew: (typeId: string) => `/issue/new/${toParam(typeId)}`,
	offer: (id: string) => `/issue/offers/${id}`,
	table: (typeId: string) => `/issue/table/${toParam(typeId)}`,
	batch: (id: string) => `/issue/batches/${id}`,
	typeNew: '/issue/types/new',
	typeEdit: (typeId: string) => `/issue/types/${toParam(typeId)}`,
	assets: '/assets',
	collection: (id: string) => `/assets/${id}`,
	proveToken: (id: string, tokenId: string) => `/assets/${id}/prove/${tokenId}`,
	proveTokenFrom: (id: string, tokenId: string, wallet: string) => `/assets/${id}/prove/${tokenId}/${wallet}`,
	unnamed: (id: string) => `/assets/${id}/unnamed`,
	verify: '/verify',
	verifyNew: '/verify/new',
	verifyPolicyNew: '/verify/station/new',
	verifyPolicyImport: '/verify/station/import',
	verifyPolicy: (id: string) => `/verify/station/policies/${id}`,
	/** Outside the wallet’s frame: it has the window for itself. */
	station: (id: string) => `/station/${id}`,
	verification: (id: string) => `/verify/requests/${id}`,
	votes: '/votes',
	daoNew: '/votes/new',
	dao: (id: string) => `/votes/daos/${id}`,
	proposal: (daoId: string, proposalId: string) => `/votes/daos/${daoId}/proposals/${toParam(proposalId)}`,
	safeMessage: (daoId: string, messageId: string) => `/votes/daos/${daoId}/messages/${toParam(messageId)}`,
	vote: (id: string) => `/votes/cast/${id}`,
	identities: '/identities',
	identityNew: '/identities/new',
	identity: (did: string) => `/identities/own/${toParam(did)}`,
	activity: '/activity',
	activityEntry: (id: string) => `/activity/${id}`,
	settings: '/settings',
	recoveryPhrase: '/settings/recovery-phrase',
} as const;

/** A text as one path segment. Percent signs are spelled `~`, because the router decodes them once too often. */
export const toParam = (text: string): string => encodeURIComponent(text).replaceAll('~', '%7E').replaceAll('%', '~');

/** The text of a {@link toParam} segment; what is no such segment comes back as it is. */
export function fromParam(segment: string): string {
	try {
		return decodeURIComponent(segment.replaceAll('~', '%'));
	} catch {
		return segment;
	}
}

export type SectionId = 'wallet' | 'assets' | 'present' | 'issue' | 'verify' | 'votes' | 'identities' | 'activity' | 'settings';

const SECTIONS: readonly SectionId[] = ['assets', 'present', 'issue', 'verify', 'votes', 'identities', 'activity', 'settings'];

/** The part of the app that a path belongs to. */
export function sectionOf(path: string): SectionId {
	const first = path.split('/')[1] ?? '';
	return SECTIONS.find((section) => section === first) ?? 'wallet';
}
