import type { Dao, FollowReview } from '@holdfast/contract';
import type { DaoRow } from '@holdfast/vault';
import type { DaoRef, StructId, VoteAccount } from '@holdfast/web3';
import { networks } from '../networks.node.ts';
import type { Session } from '../session.node.ts';
import { sessionKeyView } from './session-key.node.ts';

const SYSTEM_NAMES: Readonly<Record<DaoRef['system'], string>> = {
	snapshot: 'Snapshot space',
	governor: 'Governor',
	bravo: 'Governor Bravo',
	baal: 'Moloch',
	safe: 'Safe',
};

export const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

/** The host of the transaction service that a Safe's owners use. */
export const safeHost = (ref: DaoRef): string | null => (ref.system === 'safe' && ref.serviceUrl ? hostOf(ref.serviceUrl) : null);

/** `Snapshot space name.eth`, `Governor 0x… on Sepolia`. */
export function whereWords(session: Session, ref: DaoRef): string {
	if (ref.system === 'snapshot') return `${SYSTEM_NAMES.snapshot} ${ref.space}`;
	const network = networks(session.vault).find(({ chainId }) => chainId === ref.chainId);
	return `${SYSTEM_NAMES[ref.system]} ${ref.contract} on ${network?.name ?? `chain ${ref.chainId}`}`;
}

/** Who learns what, a sentence for each party, before anybody is asked. */
export function learnsWords(session: Session, ref: DaoRef): string[] {
	if (ref.system !== 'snapshot') {
		const network = networks(session.vault).find(({ chainId }) => chainId === ref.chainId);
		return [
			`${network ? hostOf(network.rpcUrl) : 'The network’s node'} learns that somebody at your internet address reads this DAO and, when you look up your voting power or vote, your account’s address.`,
			...(ref.system === 'safe' && ref.serviceUrl
				? [
						`${hostOf(ref.serviceUrl)} learns, when you ask it what waits, that somebody at your internet address looks at this Safe, and receives the signatures that you send.`,
					]
				: []),
		];
	}
	return [
		`${hostOf(ref.hubUrl)} learns that somebody at your internet address reads this space and, when you look up your voting power or whether a vote counted, your account’s address.`,
		`${hostOf(ref.gatewayUrl)} learns which proposals you read.`,
		`${hostOf(ref.sequencerUrl)} receives your vote, which is public from then on.`,
	];
}

/** How an account of its own gets power to vote, and what each way hides of the wallet behind it. */
export function waysWords(ref: DaoRef): FollowReview['ways'] {
	if (ref.system === 'safe') {
		return [
			{
				name: 'Being an owner of the Safe',
				hidesWallet: true,
				words:
					'The owners have to take this account in: give them its address. Everybody sees that it owns a part of this Safe, and when it signs; nothing ties it to your wallet, as long as you do not.',
			},
		];
	}
	return [
		{
			name: 'Power held by this account',
			hidesWallet: true,
			words:
				'Votes come from an address that is used nowhere else. It hides your wallet as long as the voting power did not come from it: tokens that you send from your wallet link the two for everybody.',
		},
		{
			name: 'Delegation',
			hidesWallet: false,
			words:
				'Your tokens stay in your wallet and lend their power to this account. Everybody can see who lent it: this protects your wallet’s key, and hides nothing.',
		},
		...(ref.system === 'snapshot'
			? [
					{
						name: 'Session key (Snapshot alias)',
						hidesWallet: false,
						words:
							'Another account lets a key vote in its name for a while. The list of such keys is public: this protects the other account’s key, and hides nothing.',
					},
				]
			: []),
	];
}

const SIGNS: Readonly<Partial<Record<StructId, string>>> = {
	delegation: 'Activations of its own voting power',
	'baal-delegation': 'Activations of its own voting power',
	'safe-tx': 'Approvals of this Safe’s transactions, once they are in words',
	'safe-message': 'Votes of this Safe on Snapshot, once they are in words',
	'snapshot-alias': 'Session keys for this space',
	'snapshot-revoke-alias': 'Ends of session keys for this space',
};

/** What an account may sign, in words. */
export const signsWords = ({ allowances }: VoteAccount): string[] => [...new Set(allowances.map(({ struct }) => SIGNS[struct] ?? 'Votes in this DAO'))];

export function daoView(session: Session, row: DaoRow): Dao {
	const ref = row.ref as unknown as DaoRef;
	const key = sessionKeyView(session, row);
	return {
		id: row.id,
		name: row.name,
		system: ref.system,
		where: whereWords(session, ref),
		account: (row.account as unknown as VoteAccount).address,
		safeService: safeHost(ref),
		addedAt: row.addedAt,
		learns: [
			...learnsWords(session, ref),
			...(key?.state !== 'in-force' ? [] : [`The same servers learn the address ${key.owner}, for which your session key votes, in place of your account’s.`]),
		],
	};
}
