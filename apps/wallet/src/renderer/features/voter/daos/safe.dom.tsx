import type { CallOutput, Dao } from '@holdfast/contract';
import { Banner, Button, Disclosure, FileDrop, Inline, PasswordField, Section, Stack, Text, TextArea, TextField, useToast } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';

/** Beyond it no file of a Safe is read. */
const MOST_BYTES = 500_000;

/** Where a Safe's transactions come from: its owners' service, a file, or one that is made here. */
export function SafeSection({ dao }: { readonly dao: Dao }): ReactElement {
	return (
		<Section
			title="Where its transactions come from"
			description="A Safe keeps no list of them. Its owners hand each other files, or leave them at a service that they share. Holdfast checks every hash and signature itself."
		>
			<Stack gap={5}>
				{dao.safeService !== null && <Service dao={dao} host={dao.safeService} />}
				<TakeFile dao={dao} />
				<Messages dao={dao} />
				<Disclosure label="Make a transaction">
					<Propose dao={dao} />
				</Disclosure>
			</Stack>
		</Section>
	);
}

function Service({ dao, host }: { readonly dao: Dao; readonly host: string }): ReactElement {
	const collect = useAction('safe.collect');
	const setKey = useAction('safe.setServiceKey');
	const toast = useToast();
	const [found, setFound] = useState<string>();
	const [key, setKeyText] = useState('');
	const look = async () => {
		setFound(undefined);
		const result = await collect.run({ daoId: dao.id });
		if (result.ok) setFound(collectedWords(result.value));
	};
	const save = async (event: FormEvent) => {
		event.preventDefault();
		const result = await setKey.run({ daoId: dao.id, key: key.trim() === '' ? null : key.trim() });
		if (!result.ok) return;
		setKeyText('');
		toast({ title: key.trim() === '' ? 'No key is sent any more' : 'The key is kept' });
	};
	return (
		<Stack gap={3}>
			<Inline>
				<Button isPending={collect.pending} onPress={() => void look()}>
					Ask {host} what waits
				</Button>
				<Text as="span" size="sm" tone="muted">
					It learns that somebody at your internet address looks at this Safe.
				</Text>
			</Inline>
			{found !== undefined && (
				<Banner tone="info" role="status">
					{found}
				</Banner>
			)}
			<Problem title="The service was not asked" error={collect.error} />
			<Disclosure label="Key of the service">
				<form onSubmit={(event) => void save(event)}>
					<Stack gap={3}>
						<PasswordField
							label="API key"
							description="Some services want one. It is kept in the vault, sent to this service alone, and not shown again. Empty takes it away."
							value={key}
							onChange={setKeyText}
							maxLength={2000}
						/>
						<Problem title="The key was not kept" error={setKey.error} />
						<Inline>
							<Button type="submit" isPending={setKey.pending}>
								Keep the key
							</Button>
						</Inline>
					</Stack>
				</form>
			</Disclosure>
		</Stack>
	);
}

function collectedWords({ transactions, votes, refused, signaturesLeftOut }: CallOutput<'safe.collect'>): string {
	return [
		transactions === 0
			? votes === 0
				? 'Nothing waits there.'
				: 'No transaction waits.'
			: transactions === 1
				? 'One transaction waits.'
				: `${transactions} transactions wait.`,
		...(votes === 0 ? [] : [votes === 1 ? 'One vote on Snapshot waits for the owners.' : `${votes} votes on Snapshot wait for the owners.`]),
		...(refused === 0 ? [] : [`${refused} that ${refused === 1 ? 'is' : 'are'} not what the service says ${refused === 1 ? 'was' : 'were'} left out.`]),
		...(signaturesLeftOut === 0
			? []
			: [
					`${signaturesLeftOut} ${signaturesLeftOut === 1 ? 'signature was' : 'signatures were'} left out: not of the owner who is named, or of a kind that is not read here.`,
				]),
	].join(' ');
}

function TakeFile({ dao }: { readonly dao: Dao }): ReactElement {
	const [, go] = useLocation();
	const take = useAction('safe.takeFile');
	const [isTooLarge, setTooLarge] = useState(false);
	const read = async (file: File) => {
		take.clear();
		setTooLarge(file.size > MOST_BYTES);
		if (file.size > MOST_BYTES) return;
		const text = await file.text();
		if (text === '') return setTooLarge(true);
		const result = await take.run({ daoId: dao.id, text });
		if (!result.ok) return;
		const { kind, proposalId } = result.value;
		go(kind === 'message' ? paths.safeMessage(dao.id, proposalId) : paths.proposal(dao.id, proposalId));
	};
	return (
		<Stack gap={3}>
			<FileDrop label="A file from another owner" accept=".json,application/json" onFile={(file) => void read(file)} isDisabled={take.pending} />
			{isTooLarge && <Banner tone="caution">This is not a file with signatures for a Safe: it is empty or too large.</Banner>}
			<Problem title="The file was not taken in" error={take.error} />
		</Stack>
	);
}

/** Votes on Snapshot in the Safe's name, which its owners sign together. Without any, there is nothing to say. */
function Messages({ dao }: { readonly dao: Dao }): ReactElement | null {
	const [, go] = useLocation();
	const messages = useQuery('safe.messages', { daoId: dao.id }, ['votes']);
	if (messages.status === 'ready' && messages.value.length === 0) return null;
	return (
		<Stack gap={3}>
			<strong>Votes of this Safe on Snapshot</strong>
			<Loaded query={messages} what="the Safe’s votes">
				{(list) => (
					<ul className="app-rows hf-list-reset" aria-label="Votes of this Safe">
						{list.map(({ id, title, signatures, until }) => (
							<li key={id} className="app-row">
								<div className="app-row__words">
									<strong>{title}</strong>
									<Text size="sm" tone="muted">
										{signatures === 1 ? 'One signature' : `${signatures} signatures`} · Snapshot takes it until {formatMoment(until)}
									</Text>
								</div>
								<Button size="small" onPress={() => go(paths.safeMessage(dao.id, id))} aria-label={`Read: ${title}`}>
									Read
								</Button>
							</li>
						))}
					</ul>
				)}
			</Loaded>
		</Stack>
	);
}

const WEI = 18;

/** `1.5` as wei; null for what is no amount. */
function weiOf(text: string): string | null {
	const [, whole = '', part = ''] = /^(\d{1,50})(?:[.,](\d{1,18}))?$/.exec(text.trim()) ?? [];
	if (whole === '') return null;
	return BigInt(`${whole}${part.padEnd(WEI, '0')}`).toString();
}

function Propose({ dao }: { readonly dao: Dao }): ReactElement {
	const [, go] = useLocation();
	const propose = useAction('safe.propose');
	const [isChecked, setChecked] = useState(false);
	const [draft, setDraft] = useState({ to: '', amount: '0', data: '' });
	const set = (change: Partial<typeof draft>) => {
		propose.clear();
		setDraft({ ...draft, ...change });
	};
	const to = /^0x[0-9a-fA-F]{40}$/.test(draft.to.trim());
	const value = weiOf(draft.amount);
	const data = draft.data.trim() === '' ? '0x' : draft.data.trim();
	const isData = /^0x(?:[0-9a-fA-F]{2})*$/.test(data);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		if (!to || value === null || !isData || propose.pending) return;
		const result = await propose.run({ daoId: dao.id, to: draft.to.trim(), value, data });
		if (result.ok) go(paths.proposal(dao.id, result.value.proposalId));
	};
	return (
		<form onSubmit={(event) => void submit(event)} noValidate className="app-narrow">
			<Stack gap={4}>
				<Text size="sm" tone="muted">
					One call of the Safe, next in its order. Nothing is signed yet: you read what it would do first.
				</Text>
				<TextField
					label="To"
					description="The receiver, or the contract that is called."
					value={draft.to}
					onChange={(next) => set({ to: next })}
					placeholder="0x"
					isMono
					maxLength={64}
					error={isChecked && !to ? 'An address is 0x and 40 hexadecimal digits.' : undefined}
				/>
				<TextField
					label="Amount"
					description="In the network’s currency, such as ether."
					value={draft.amount}
					onChange={(next) => set({ amount: next })}
					maxLength={60}
					error={isChecked && value === null ? 'Write an amount, such as 0 or 1.5.' : undefined}
				/>
				<TextArea
					label="Call data"
					isOptional
					description="From the contract’s own page. Leave it empty to send the amount alone."
					value={draft.data}
					onChange={(next) => set({ data: next })}
					isMono
					rows={3}
					error={isChecked && !isData ? 'Call data is 0x and pairs of hexadecimal digits.' : undefined}
				/>
				<Problem title="The transaction was not made" error={propose.error} />
				<Inline>
					<Button type="submit" isPending={propose.pending}>
						Make it and read it
					</Button>
				</Inline>
			</Stack>
		</form>
	);
}
