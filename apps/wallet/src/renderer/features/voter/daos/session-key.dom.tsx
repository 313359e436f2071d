import type { SessionKey } from '@holdfast/contract';
import {
	Badge,
	Banner,
	Button,
	ConfirmDialog,
	Disclosure,
	Inline,
	KeyValueList,
	Section,
	Stack,
	Text,
	TextArea,
	TextField,
	type Tone,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { copyText } from '../../../shell/copy.dom.tsx';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatDay, formatMoment } from '../../../shell/format.ts';

type Request = NonNullable<SessionKey['request']>;

const STATES: Readonly<Record<SessionKey['state'], { readonly word: string; readonly tone: Tone }>> = {
	asked: { word: 'Not signed yet', tone: 'caution' },
	'in-force': { word: 'In use', tone: 'positive' },
	expired: { word: 'Expired', tone: 'neutral' },
};

/** Asks for the account with the voting power. */
function Begin({ daoId, owner: before = '' }: { readonly daoId: string; readonly owner?: string }): ReactElement {
	const begin = useAction('votes.beginSessionKey');
	const find = useAction('votes.findSessionKey');
	const [owner, setOwner] = useState(before);
	const [isChecked, setChecked] = useState(false);
	const isAddress = /^0x[0-9a-fA-F]{40}$/.test(owner.trim());
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if (isAddress && !begin.pending) await begin.run({ daoId, owner: owner.trim() });
	};
	const look = async () => {
		setChecked(true);
		begin.clear();
		if (isAddress && !find.pending) await find.run({ daoId, owner: owner.trim() });
	};
	return (
		<form onSubmit={(event) => void submit(event)} noValidate>
			<Stack gap={3}>
				<TextField
					label="Account with the voting power"
					description="Its address. Its key stays in the wallet where it is."
					value={owner}
					onChange={(value) => {
						begin.clear();
						find.clear();
						setOwner(value);
					}}
					isMono
					maxLength={64}
					error={isChecked && !isAddress ? 'Write the whole address: 0x and 40 more characters.' : undefined}
				/>
				<Problem title="The session key was not made" error={begin.error} />
				<Problem title="No session key was found" error={find.error} />
				<Inline>
					<Button type="submit" isPending={begin.pending}>
						Make a session key
					</Button>
					<Button isPending={find.pending} onPress={() => void look()}>
						Find one that I made before
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}

/** What the owner signs elsewhere, and the place for its signature. */
function Signing({ daoId, owner, request }: { readonly daoId: string; readonly owner: string; readonly request: Request }): ReactElement {
	const toast = useToast();
	const handIn = useAction('votes.handInSessionKey');
	const withdraw = useAction('votes.withdrawSessionKey');
	const [signature, setSignature] = useState('');
	const [isChecked, setChecked] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if (signature.trim() === '' || handIn.pending) return;
		const result = await handIn.run({ daoId, signature });
		if (result.ok) toast({ title: request.act === 'begin' ? 'The session key is in use' : 'The session key has ended' });
	};
	return (
		<form onSubmit={(event) => void submit(event)} noValidate>
			<Stack gap={4}>
				<Text>
					{request.sentence}: the account <span className="app-mono">{owner}</span> has to sign this, in the wallet that holds its key (
					<code>eth_signTypedData_v4</code>), by {formatMoment(request.until)}.
				</Text>
				<KeyValueList items={request.lines.map(({ label, value }) => ({ id: label, label, value }))} />
				{request.warnings.map((warning) => (
					<Banner key={warning} tone="caution">
						{warning}
					</Banner>
				))}
				<TextArea label="To be signed" value={request.typedData} onChange={() => undefined} isReadOnly isMono rows={6} />
				<KeyValueList items={[{ id: 'digest', label: 'Digest, to compare on the other device', value: request.digest, kind: 'mono' }]} />
				<Inline>
					<Button onPress={() => void copyText(request.typedData)}>Copy what is to be signed</Button>
				</Inline>
				<TextArea
					label="Signature of that account"
					description="It is checked here before it is sent."
					value={signature}
					onChange={(value) => {
						handIn.clear();
						setSignature(value);
					}}
					isMono
					rows={3}
					maxLength={400}
					error={isChecked && signature.trim() === '' ? 'Paste the signature that the other wallet gave.' : undefined}
				/>
				<Problem title="The signature was not taken" error={handIn.error ?? withdraw.error} />
				<Inline justify="between">
					<Button isDisabled={handIn.pending} isPending={withdraw.pending} onPress={() => void withdraw.run({ daoId })}>
						{request.act === 'begin' ? 'Discard this session key' : 'Do not end it'}
					</Button>
					<Button type="submit" variant="primary" isPending={handIn.pending}>
						Check and send to {request.taker}
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}

function Present({ daoId, sessionKey }: { readonly daoId: string; readonly sessionKey: SessionKey }): ReactElement {
	const end = useAction('votes.endSessionKey');
	const drop = useAction('votes.dropSessionKey');
	const [isDropping, setDropping] = useState(false);
	const { owner, address, state, expiresAt, request } = sessionKey;
	const { word, tone } = STATES[state];
	return (
		<Stack gap={4}>
			<Inline>
				<Badge tone={tone}>{word}</Badge>
			</Inline>
			<KeyValueList
				items={[
					{ id: 'owner', label: 'Votes for', value: owner, kind: 'mono', onCopy: () => copyText(owner) },
					{ id: 'key', label: 'Session key', value: address, kind: 'mono', onCopy: () => copyText(address) },
					...(expiresAt === null ? [] : [{ id: 'until', label: state === 'expired' ? 'Expired' : 'Valid until', value: formatDay(expiresAt) }]),
				]}
			/>
			{request && <Signing daoId={daoId} owner={owner} request={request} />}
			{state === 'in-force' && request === null && (
				<Text size="sm" tone="muted">
					Your votes in this space are in the name of that account now. Not every space takes votes of session keys.
				</Text>
			)}
			{state === 'expired' && (
				<>
					<Text size="sm" tone="muted">
						Nothing is signed with it any more. Make a new one, or stop using it to vote with your account here.
					</Text>
					<Begin daoId={daoId} owner={owner} />
				</>
			)}
			<Problem title="The session key is unchanged" error={end.error ?? drop.error} />
			{state !== 'asked' && request === null && (
				<Inline>
					{state === 'in-force' && (
						<Button isPending={end.pending} onPress={() => void end.run({ daoId })}>
							End it
						</Button>
					)}
					<Button onPress={() => setDropping(true)}>Stop using it here</Button>
				</Inline>
			)}
			<ConfirmDialog
				isOpen={isDropping}
				title="Stop using this session key?"
				confirmLabel="Stop using it"
				isPending={drop.pending}
				onConfirm={() => void drop.run({ daoId }).then(() => setDropping(false))}
				onCancel={() => setDropping(false)}
			>
				Your votes here are then those of your account in this DAO again. Snapshot goes on listing the key until it expires: to end it there too, the account
				that it votes for has to sign that.
			</ConfirmDialog>
		</Stack>
	);
}

/** A key that votes in the name of an account whose key is in another wallet. */
export function SessionKeySection({ daoId }: { readonly daoId: string }): ReactElement {
	const sessionKey = useQuery('votes.sessionKey', { daoId }, ['daos']);
	return (
		<Section
			title="Session key"
			description="If your voting power is in another wallet, a key made here can vote in its name for 90 days. Snapshot publishes whose key it is: this protects the other wallet’s key, and hides nothing."
		>
			<Loaded query={sessionKey} what="the session key">
				{(found) =>
					found === null ? (
						<Disclosure label="My voting power is in another wallet">
							<Begin daoId={daoId} />
						</Disclosure>
					) : (
						<Present daoId={daoId} sessionKey={found} />
					)
				}
			</Loaded>
		</Section>
	);
}
