import type { StationPolicy } from '@holdfast/contract';
import { Button, Inline, NumberField, Section, Select, Stack, Switch, TextArea, TextField, useToast } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { MISSING_IDENTITY, NOTHING, useRequestOf, type What, WhatToSee, whatOf } from './what.dom.tsx';

interface Draft extends What {
	readonly title: string;
	readonly purpose: string;
	readonly identity: string;
	readonly encrypted: boolean;
	readonly showClaims: boolean;
	readonly resetSeconds: number | undefined;
	readonly trustHours: number | undefined;
	/** One address on each line. */
	readonly statusLists: string;
}

const NOBODY = 'nobody';
/** A request waits this long on the screen before a new one takes its place. */
const REQUEST_MINUTES = 15;

const EMPTY: Draft = {
	...NOTHING,
	title: '',
	purpose: '',
	identity: NOBODY,
	encrypted: true,
	showClaims: false,
	resetSeconds: 5,
	trustHours: 24,
	statusLists: '',
};

const draftOf = (policy: StationPolicy): Draft => ({
	...whatOf(policy.request),
	title: policy.title,
	purpose: policy.purpose ?? '',
	identity: policy.verifierDid ?? NOBODY,
	encrypted: policy.encrypted,
	showClaims: policy.showClaims,
	resetSeconds: policy.resetSeconds,
	trustHours: policy.trustHours,
	statusLists: (policy.statusLists ?? []).join('\n'),
});

const MOST_LISTS = 20;
const linesOf = (text: string): string[] => [...new Set(text.split(/\s+/).filter((line) => line !== ''))];

/** What is wrong with the addresses, if something is. */
function listsProblem(text: string): string | undefined {
	const lines = linesOf(text);
	if (lines.length > MOST_LISTS) return `At most ${MOST_LISTS} lists.`;
	const wrong = lines.findIndex((line) => !/^https?:$/.test(URL.parse(line)?.protocol ?? '') || line.length > 512);
	return wrong === -1 ? undefined : `Line ${wrong + 1} is no address. One looks like https://issuer.example/statuslists/1.`;
}

/** Makes a policy for the station, or changes one. */
export function PolicyScreen({ id }: { readonly id?: string }): ReactElement {
	const [, go] = useLocation();
	const policies = useQuery('station.policies', {}, ['station']);
	const back = { label: 'Verify', onNavigate: () => go(paths.verify) };
	if (id === undefined) return <PolicyForm title="Make a station policy" draft={EMPTY} back={back} />;
	return (
		<Loaded query={policies} what="the policies">
			{(list) => {
				const policy = list.find((each) => each.id === id);
				return policy ? (
					<PolicyForm title="Change the policy" id={id} draft={draftOf(policy)} back={back} />
				) : (
					<Screen title="This policy was deleted" back={back}>
						<Button onPress={() => go(paths.verifyPolicyNew)}>Make a new one</Button>
					</Screen>
				);
			}}
		</Loaded>
	);
}

interface PolicyFormProps {
	readonly title: string;
	readonly id?: string;
	readonly draft: Draft;
	readonly back: { readonly label: string; readonly onNavigate: () => void };
}

function PolicyForm({ title, id, draft: first, back }: PolicyFormProps): ReactElement {
	const [, go] = useLocation();
	const toast = useToast();
	const [draft, setDraft] = useState(first);
	const [isChecked, setChecked] = useState(false);
	const dids = useQuery('dids.list', {}, ['dids']);
	const save = useAction('station.savePolicy');
	const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
	const read = useRequestOf(draft, draft.identity !== NOBODY);
	const missing = isChecked && 'missing' in read ? read.missing : undefined;
	const name = draft.title.trim();

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setChecked(true);
		const { resetSeconds, trustHours } = draft;
		const statusLists = linesOf(draft.statusLists);
		if (
			listsProblem(draft.statusLists) !== undefined ||
			'missing' in read ||
			name === '' ||
			resetSeconds === undefined ||
			trustHours === undefined ||
			save.pending
		)
			return;
		const result = await save.run({
			...(id === undefined ? {} : { id }),
			title: name,
			purpose: draft.purpose.trim() === '' ? null : draft.purpose.trim(),
			request: read.request,
			verifierDid: draft.identity === NOBODY ? null : draft.identity,
			encrypted: draft.encrypted,
			showClaims: draft.showClaims,
			resetSeconds,
			trustHours,
			requestMinutes: REQUEST_MINUTES,
			...(statusLists.length === 0 ? {} : { statusLists }),
		});
		if (!result.ok) return;
		toast({ title: 'Policy kept', tone: 'positive' });
		go(paths.verify);
	};

	return (
		<Screen title={title} lead="What the station asks of everybody who comes. Ask for as little as the question needs." back={back}>
			<form onSubmit={(event) => void submit(event)} noValidate>
				<Stack gap={6}>
					<div className="app-narrow">
						<TextField
							label="Name of the policy"
							description="It stands on the station’s screen and in your log."
							value={draft.title}
							onChange={(value) => set({ title: value })}
							maxLength={120}
							autoFocus
							error={isChecked && name === '' ? 'Give it a name, such as “Over 18”.' : undefined}
						/>
					</div>
					<Section title="What you want to see">
						<WhatToSee what={draft} onChange={set} onKind={() => setChecked(false)} isChecked={isChecked} missing={missing} />
					</Section>
					<Section title="How the station asks">
						<Stack gap={5}>
							<div className="app-form">
								<TextField
									label="Reason"
									isOptional
									description="Why you ask. People read it before they decide."
									value={draft.purpose}
									onChange={(purpose) => set({ purpose })}
									maxLength={120}
								/>
								<Select
									label="Ask as"
									description="With a DID, the request is signed and people’s wallets can tell who asks."
									options={[
										{ value: NOBODY, label: 'Nobody: the station is there to be seen', description: 'Not signed. Wallets warn about it.' },
										...(dids.status === 'ready' ? dids.value.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did })) : []),
									]}
									value={draft.identity}
									onChange={(identity) => set({ identity })}
									error={missing === MISSING_IDENTITY ? missing : undefined}
								/>
								<NumberField
									label="Seconds that a verdict stands"
									description="Then it is the next person’s turn, without a key pressed."
									value={draft.resetSeconds}
									onChange={(resetSeconds) => set({ resetSeconds })}
									min={2}
									max={60}
								/>
								<NumberField
									label="Hours without a network"
									description="How long the fetched keys of an issuer are believed when they cannot be fetched again. One whose keys were stolen is found out that much later."
									value={draft.trustHours}
									onChange={(trustHours) => set({ trustHours })}
									min={0}
									max={168}
								/>
								<TextArea
									label="Lists of withdrawn documents to fetch ahead"
									isOptional
									description="Addresses of your issuers’ status lists, one on each line. Without them, a list is known once a document that names it was shown."
									value={draft.statusLists}
									onChange={(statusLists) => set({ statusLists })}
									rows={2}
									isMono
									maxLength={12_000}
									error={isChecked ? listsProblem(draft.statusLists) : undefined}
								/>
							</div>
							<Switch
								isSelected={draft.encrypted}
								onChange={(encrypted) => set({ encrypted })}
								description="Nobody who films somebody’s screen in the queue can read the answer."
							>
								Encrypt the answer
							</Switch>
							<Switch
								isSelected={draft.showClaims}
								onChange={(showClaims) => set({ showClaims })}
								description="For example a name to compare with a list. It is gone with the verdict, and never kept."
							>
								Show beside the verdict what was learned
							</Switch>
						</Stack>
					</Section>
					<Problem title="The policy was not kept" error={save.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isPending={save.pending}>
							Keep policy
						</Button>
					</Inline>
				</Stack>
			</form>
		</Screen>
	);
}
