import type { CallOutput, Settings } from '@holdfast/contract';
import {
	applyTheme,
	Button,
	Dialog,
	IconThemeDark,
	IconThemeLight,
	IconThemeSystem,
	Inline,
	KeyValueList,
	PasswordField,
	RadioGroup,
	Section,
	Select,
	Stack,
	Switch,
	Text,
	TextField,
	useToast,
} from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { countOf } from '../../../shell/format.ts';
import { useNewPassphrase } from '../../../shell/new-passphrase.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';

const THEMES = [
	{ value: 'system', label: 'As the system', icon: IconThemeSystem },
	{ value: 'light', label: 'Light', icon: IconThemeLight },
	{ value: 'dark', label: 'Dark', icon: IconThemeDark },
] as const;

const UNKNOWN = [
	{ value: 'refuse', label: 'Refuse the document' },
	{ value: 'accept-with-warning', label: 'Accept it with a warning', description: 'The result says that it is not known, or how old the knowledge is.' },
] as const;

const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240];

function Preferences({ settings, onChanged }: { readonly settings: Settings; readonly onChanged: () => void }): ReactElement {
	const update = useAction('settings.update');
	const save = (change: Partial<Settings>) =>
		void update.run(change).then((result) => {
			if (result.ok) onChanged();
		});
	const minutes = MINUTES.includes(settings.autoLockMinutes) ? MINUTES : [...MINUTES, settings.autoLockMinutes].sort((a, b) => a - b);
	return (
		<>
			<Section title="Appearance">
				<RadioGroup
					label="Theme"
					variant="cards"
					options={THEMES}
					value={settings.theme}
					onChange={(theme) => {
						applyTheme(theme);
						save({ theme });
					}}
				/>
				<Problem title="The setting was not saved" error={update.error} />
			</Section>
			<Section
				title="Checking documents"
				description="An issuer says in a list which documents it has withdrawn. That list is fetched when a document is checked."
			>
				<RadioGroup
					label="When the list cannot be had"
					options={UNKNOWN}
					value={settings.statusUnknown}
					onChange={(statusUnknown) => save({ statusUnknown })}
				/>
			</Section>
			<Section title="Locking" description="Locking ends the process that holds your keys.">
				<div className="app-narrow">
					<Select
						label="Lock when nobody uses the wallet for"
						options={minutes.map((each) => ({ value: String(each), label: each % 60 === 0 ? countOf(each / 60, 'hour') : countOf(each, 'minute') }))}
						value={String(settings.autoLockMinutes)}
						onChange={(value) => save({ autoLockMinutes: Number(value) })}
					/>
				</div>
			</Section>
			<Section title="Proofs">
				<Switch
					isSelected={settings.provesAhead}
					onChange={(provesAhead) => save({ provesAhead })}
					description="While nobody uses this computer and it is plugged in, the wallet makes proofs of being over 18 and over 21, so that nobody waits for them. They stay in the wallet, each is used once, and they are gone when it locks."
				>
					Have proofs of age ready
				</Switch>
			</Section>
		</>
	);
}

function ChangePassphrase({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }): ReactElement {
	const [current, setCurrent] = useState('');
	const next = useNewPassphrase();
	const change = useAction('vault.changePassphrase');
	const toast = useToast();
	const close = () => {
		setCurrent('');
		next.clear();
		change.clear();
		onClose();
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (current === '' || !next.isReady || change.pending) return;
		const result = await change.run({ current, next: next.value });
		if (!result.ok) {
			setCurrent('');
			return;
		}
		toast({ title: 'Passphrase changed', tone: 'positive' });
		close();
	};
	return (
		<Dialog
			isOpen={isOpen}
			onClose={close}
			title="Change the passphrase"
			actions={
				<>
					<Button onPress={close}>Cancel</Button>
					<Button type="submit" form="change-passphrase" variant="primary" isPending={change.pending} isDisabled={current === '' || !next.isReady}>
						Change passphrase
					</Button>
				</>
			}
		>
			<form id="change-passphrase" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<PasswordField label="Current passphrase" value={current} onChange={setCurrent} autoFocus maxLength={1024} />
					{next.fields}
					<Problem title="The passphrase was not changed" error={change.error} />
				</Stack>
			</form>
		</Dialog>
	);
}

const DELETE_WORDS = 'delete my wallet';

function DeleteWallet({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }): ReactElement {
	const [words, setWords] = useState('');
	const [passphrase, setPassphrase] = useState('');
	const remove = useAction('vault.delete');
	const isReady = words.trim().toLowerCase() === DELETE_WORDS && passphrase !== '';
	const close = () => {
		setWords('');
		setPassphrase('');
		remove.clear();
		onClose();
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady || remove.pending) return;
		const result = await remove.run({ passphrase });
		setPassphrase('');
		// Nothing of the old wallet may stay in memory: the page begins anew.
		if (result.ok) window.location.reload();
	};
	return (
		<Dialog
			isOpen={isOpen}
			onClose={close}
			title="Delete this wallet?"
			actions={
				<>
					<Button onPress={close}>Cancel</Button>
					<Button type="submit" form="delete-wallet" variant="danger" isPending={remove.pending} pendingLabel="Deleting…" isDisabled={!isReady}>
						Delete wallet
					</Button>
				</>
			}
		>
			<form id="delete-wallet" onSubmit={(event) => void submit(event)}>
				<Stack gap={4}>
					<Text>
						All documents, identities and keys on this computer are destroyed. The recovery phrase brings back the keys; documents have to be issued again. This
						cannot be undone.
					</Text>
					<TextField label={`Type “${DELETE_WORDS}”`} value={words} onChange={setWords} autoFocus />
					<PasswordField label="Passphrase" value={passphrase} onChange={setPassphrase} maxLength={1024} />
					<Problem title="The wallet was not deleted" error={remove.error} />
				</Stack>
			</form>
		</Dialog>
	);
}

const SHELLS: { readonly [shell in CallOutput<'app.shell'>['shell']]: string } = { electron: 'Electron', chromium: 'Chromium, without Electron’s own window' };

function About(): ReactElement {
	const shell = useQuery('app.shell', {});
	return (
		<Section title="About">
			<Loaded query={shell} what="the version">
				{({ version, shell: kind, platform, note }) => (
					<>
						<KeyValueList
							items={[
								{ id: 'version', label: 'Holdfast', value: version },
								{ id: 'shell', label: 'Runs in', value: SHELLS[kind], note: note ?? undefined },
								{ id: 'platform', label: 'System', value: platform },
								{ id: 'licence', label: 'Licence', value: 'GPL-3.0-or-later' },
							]}
						/>
						{platform === 'linux' && (
							<Text size="sm" tone="muted">
								On Linux, Holdfast cannot keep other programs from taking pictures of the screen, and cannot see the system’s own screen lock.
							</Text>
						)}
					</>
				)}
			</Loaded>
		</Section>
	);
}

const STRINGS: { readonly [kind in CallOutput<'proofs.status'>['ordinary']]: { readonly value: string; readonly note: string } } = {
	none: { value: 'Not set up', note: 'Age can be proven from documents whose issuer takes part. For all others, a reference string has to be imported once.' },
	canonical: { value: 'Ready', note: 'The reference string of the public ceremony is on this computer.' },
	development: {
		value: 'For trying out only',
		note: 'The reference string was made on a computer: whoever made it could forge proofs. Every verdict says so.',
	},
};

/** Proofs from documents whose issuer takes no part need a file that is fetched by nobody but the person. */
function OrdinaryProofs(): ReactElement {
	const status = useQuery('proofs.status', {});
	const bring = useAction('proofs.importReferenceString');
	const develop = useAction('proofs.developReferenceString');
	const reloadAfter = (done: Promise<{ readonly ok: boolean }>): void =>
		void done.then(({ ok }) => {
			if (ok) status.reload();
		});
	return (
		<Section title="Proofs from any document" description="Over 18 without the birth date, from documents that were not made for it.">
			<Loaded query={status} what="what proofs need">
				{({ ordinary, mayDevelop }) => (
					<Stack gap={4}>
						<KeyValueList items={[{ id: 'string', label: 'Reference string', ...STRINGS[ordinary] }]} />
						<Problem title="It was not imported" error={bring.error} />
						<Problem title="It was not made" error={develop.error} />
						<Inline gap={3}>
							<Button isPending={bring.pending} pendingLabel="Checking…" onPress={() => reloadAfter(bring.run({}))}>
								Import reference string
							</Button>
							{mayDevelop && ordinary === 'none' && (
								<Button isPending={develop.pending} pendingLabel="Making it, half a minute…" onPress={() => reloadAfter(develop.run({}))}>
									Make one for trying out
								</Button>
							)}
						</Inline>
					</Stack>
				)}
			</Loaded>
		</Section>
	);
}

/** Everything that can be set. */
export function SettingsScreen(): ReactElement {
	const [, go] = useLocation();
	const settings = useQuery('settings.get', {}, ['settings']);
	const [open, setOpen] = useState<'passphrase' | 'delete'>();
	return (
		<Screen title="Settings">
			<Loaded query={settings} what="your settings">
				{(value) => <Preferences settings={value} onChanged={settings.reload} />}
			</Loaded>
			<Section title="Passphrase and recovery">
				<Inline gap={3}>
					<Button onPress={() => setOpen('passphrase')}>Change passphrase</Button>
					<Button onPress={() => go(paths.recoveryPhrase)}>Show recovery phrase</Button>
				</Inline>
			</Section>
			<OrdinaryProofs />
			<About />
			<Section title="Delete wallet" description="Destroys everything that this wallet keeps on this computer.">
				<div>
					<Button variant="danger" onPress={() => setOpen('delete')}>
						Delete wallet…
					</Button>
				</div>
			</Section>
			<ChangePassphrase isOpen={open === 'passphrase'} onClose={() => setOpen(undefined)} />
			<DeleteWallet isOpen={open === 'delete'} onClose={() => setOpen(undefined)} />
		</Screen>
	);
}
