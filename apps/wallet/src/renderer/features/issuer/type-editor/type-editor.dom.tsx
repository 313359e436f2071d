import type { TypeDraft } from '@holdfast/contract';
import {
	Banner,
	Button,
	Checkbox,
	ConfirmDialog,
	CredentialCard,
	FileDrop,
	IconAdd,
	Inline,
	Panel,
	RadioGroup,
	Section,
	Select,
	SplitView,
	Stack,
	Text,
	TextArea,
	TextField,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { claimName, emptyDraft, emptyField, type FieldDraft, LANGUAGES, readyDraft } from './draft.ts';

const KINDS = [
	{ value: 'text', label: 'Text' },
	{ value: 'date', label: 'Date' },
	{ value: 'number', label: 'Number' },
	{ value: 'boolean', label: 'Yes or no' },
	{ value: 'choice', label: 'One of several' },
	{ value: 'list', label: 'List' },
] as const;
const CONTENTS = [
	{ value: 'fields', label: 'Make a form', description: 'Name the fields one by one.' },
	{ value: 'schema', label: 'From a JSON Schema', description: 'A file that describes the fields.' },
] as const;
const MAX_LOGO = 140_000;

/** Makes a kind of document, or changes one that was made here. */
export function TypeEditorScreen({ typeId }: { readonly typeId?: string }): ReactElement {
	if (typeId === undefined) return <Editor first={emptyDraft()} />;
	return <Existing typeId={typeId} />;
}

function Existing({ typeId }: { readonly typeId: string }): ReactElement {
	const [, go] = useLocation();
	const draft = useQuery('types.draft', { id: typeId }, []);
	if (draft.status === 'ready') return <Editor first={draft.value} />;
	return (
		<Screen title="Kind of document" back={{ label: 'Issue', onNavigate: () => go(paths.issue) }}>
			<Loaded query={draft} what="this kind of document">
				{() => null}
			</Loaded>
		</Screen>
	);
}

function Editor({ first }: { readonly first: TypeDraft }): ReactElement {
	const [, go] = useLocation();
	const [draft, setDraft] = useState(first);
	const [removing, setRemoving] = useState(false);
	const [fileProblem, setFileProblem] = useState('');
	const save = useAction('types.save');
	const remove = useAction('types.remove');
	const set = (change: Partial<TypeDraft>) => setDraft({ ...draft, ...change });
	const ready = readyDraft(draft);
	const back = () => go(paths.issue);
	const name = draft.names[0]?.name ?? '';

	const takeLogo = async (file: File) => {
		if (!/^image\/(png|jpeg|webp)$/.test(file.type) || file.size > MAX_LOGO) {
			setFileProblem('Choose a PNG, JPEG or WebP picture of at most 140 kB.');
			return;
		}
		setFileProblem('');
		set({ logo: { dataUrl: await dataUrl(file), alt: name } });
	};
	const takeSchema = async (file: File) => {
		if (file.size > 65_536) {
			setFileProblem('This file is too large for a schema.');
			return;
		}
		setFileProblem('');
		set({ content: { kind: 'schema', schema: await file.text() } });
	};
	const submit = async () => {
		if (!ready || save.pending) return;
		const result = await save.run(ready);
		if (result.ok) back();
	};

	return (
		<Screen title={first.id === undefined ? 'Make a kind of document' : `Change “${first.names[0]?.name ?? ''}”`} back={{ label: 'Issue', onNavigate: back }}>
			<SplitView
				narrow="end"
				width="22rem"
				start={
					<Stack gap={6}>
						<Section title="Name" description="Wallets show it in their owner’s language.">
							<Stack gap={4}>
								{draft.names.map((entry, index) => (
									<div className="app-form" key={entry.locale}>
										<TextField
											label={`Name (${LANGUAGES.find(({ value }) => value === entry.locale)?.label ?? entry.locale})`}
											value={entry.name}
											maxLength={80}
											onChange={(text) => set({ names: draft.names.map((each, place) => (place === index ? { ...each, name: text } : each)) })}
										/>
									</div>
								))}
								<AddLanguage draft={draft} onAdd={(locale) => set({ names: [...draft.names, { locale, name: '' }] })} />
							</Stack>
						</Section>
						<Section title="Look">
							<Stack gap={4}>
								<div className="app-form">
									<Colour label="Background" value={draft.background} onChange={(background) => set({ background })} />
									<Colour label="Text" value={draft.text} onChange={(text) => set({ text })} />
								</div>
								<FileDrop
									label="Drop a logo here"
									buttonLabel="Choose a logo"
									accept="image/png,image/jpeg,image/webp"
									onFile={(file) => void takeLogo(file)}
								/>
								{draft.logo && (
									<Inline>
										<TextField
											label="Logo in words"
											value={draft.logo.alt}
											maxLength={120}
											onChange={(alt) => draft.logo && set({ logo: { ...draft.logo, alt } })}
										/>
										<Button onPress={() => set({ logo: null })}>Remove logo</Button>
									</Inline>
								)}
							</Stack>
						</Section>
						<Section title="What it says">
							<Stack gap={5}>
								<RadioGroup
									label="Fields"
									variant="cards"
									options={CONTENTS}
									value={draft.content.kind}
									onChange={(kind) => set({ content: kind === 'fields' ? { kind, fields: [emptyField()] } : { kind, schema: '' } })}
								/>
								{draft.content.kind === 'fields' ? (
									<Fields
										fields={draft.content.fields}
										locales={draft.names.map(({ locale }) => locale)}
										onChange={(fields) => set({ content: { kind: 'fields', fields } })}
									/>
								) : (
									<Stack gap={4}>
										<FileDrop
											label="Drop a JSON Schema here"
											buttonLabel="Choose a schema"
											accept=".json,application/json"
											onFile={(file) => void takeSchema(file)}
										/>
										<TextArea
											label="JSON Schema"
											description="Of an object, in the 2020-12 version. Holders can hide each of its fields."
											value={draft.content.schema}
											onChange={(schema) => set({ content: { kind: 'schema', schema } })}
											rows={10}
											isMono
											maxLength={65_536}
										/>
									</Stack>
								)}
							</Stack>
						</Section>
						{fileProblem !== '' && (
							<Banner tone="negative" role="alert">
								{fileProblem}
							</Banner>
						)}
						<Problem title="It was not saved" error={save.error ?? remove.error} />
						<Inline justify="end">
							{first.id !== undefined && <Button onPress={() => setRemoving(true)}>Remove</Button>}
							<Button variant="primary" isPending={save.pending} isDisabled={ready === null} onPress={() => void submit()}>
								Save kind of document
							</Button>
						</Inline>
					</Stack>
				}
				end={
					<div className="app-sticky">
						<Panel variant="sunken">
							<Stack gap={3}>
								<Text size="sm" tone="muted">
									How wallets show it
								</Text>
								{draft.names.map((entry) => (
									<CredentialCard
										key={entry.locale}
										title={entry.name || 'No name yet'}
										issuerName="You"
										seed={first.id ?? 'new'}
										backgroundColor={draft.background}
										textColor={draft.text}
										logo={draft.logo?.dataUrl}
										logoAlt={draft.logo?.alt}
										onPress={() => undefined}
									/>
								))}
							</Stack>
						</Panel>
					</div>
				}
			/>
			<ConfirmDialog
				isOpen={removing}
				title="Remove this kind of document?"
				confirmLabel="Remove"
				isDanger
				isPending={remove.pending}
				onConfirm={() =>
					void remove.run({ id: first.id ?? '' }).then((result) => {
						setRemoving(false);
						if (result.ok) back();
					})
				}
				onCancel={() => setRemoving(false)}
			>
				Only a kind of which nothing was issued can be removed.
			</ConfirmDialog>
		</Screen>
	);
}

const dataUrl = (file: File): Promise<string> =>
	new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(String(reader.result));
		reader.onerror = () => reject(reader.error ?? new Error('not read'));
		reader.readAsDataURL(file);
	});

function AddLanguage({ draft, onAdd }: { readonly draft: TypeDraft; readonly onAdd: (locale: string) => void }): ReactElement | null {
	const free = LANGUAGES.filter(({ value }) => !draft.names.some(({ locale }) => locale === value));
	if (free.length === 0) return null;
	return (
		<div className="app-narrow">
			<Select label="Add a language" options={free} value={undefined} placeholder="Choose a language" onChange={onAdd} />
		</div>
	);
}

function Colour({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }): ReactElement {
	const isColour = /^#[0-9a-f]{6}$/i.test(value);
	return (
		<div className="app-colour">
			<TextField
				label={`${label} colour`}
				value={value}
				onChange={onChange}
				isMono
				maxLength={7}
				error={isColour ? undefined : 'Six digits from 0 to f after a #.'}
			/>
			<input
				type="color"
				aria-label={`Choose the ${label.toLowerCase()} colour`}
				value={isColour ? value : '#000000'}
				onChange={(event) => onChange(event.currentTarget.value)}
			/>
		</div>
	);
}

interface FieldsProps {
	readonly fields: readonly FieldDraft[];
	readonly locales: readonly string[];
	readonly onChange: (fields: FieldDraft[]) => void;
}

function Fields({ fields, locales, onChange }: FieldsProps): ReactElement {
	const change = (index: number, patch: Partial<FieldDraft>) => onChange(fields.map((field, place) => (place === index ? { ...field, ...patch } : field)));
	const label = (field: FieldDraft, locale: string): string => field.labels.find((each) => each.locale === locale)?.label ?? '';
	const setLabel = (index: number, field: FieldDraft, locale: string, text: string) =>
		change(index, { labels: [...field.labels.filter((each) => each.locale !== locale), { locale, label: text }] });
	return (
		<Stack gap={4}>
			{fields.map((field, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a field has no name until it is saved
				<Panel key={index} variant="sunken">
					<Stack gap={3}>
						<div className="app-form">
							{locales.map((locale) => (
								<TextField
									key={locale}
									label={`Field ${index + 1} (${LANGUAGES.find(({ value }) => value === locale)?.label ?? locale})`}
									value={label(field, locale)}
									maxLength={80}
									onChange={(text) => setLabel(index, field, locale, text)}
									description={
										locale === locales[0] && label(field, locale) !== ''
											? `Called ${field.name || claimName(label(field, locale)) || '?'} in the document`
											: undefined
									}
								/>
							))}
							<Select label={`Kind of field ${index + 1}`} options={KINDS} value={field.kind} onChange={(kind) => change(index, { kind })} />
						</div>
						{field.kind === 'choice' && (
							<TextArea
								label={`Values of field ${index + 1}`}
								description="One on each line."
								value={field.options.join('\n')}
								rows={3}
								onChange={(text) =>
									change(index, {
										options: text
											.split('\n')
											.map((line) => line.trim())
											.filter((line) => line !== ''),
									})
								}
							/>
						)}
						<Inline justify="between">
							<Inline gap={4}>
								<Checkbox isSelected={field.required} onChange={(required) => change(index, { required })}>
									Needed
								</Checkbox>
								<Checkbox isSelected={field.hideable} onChange={(hideable) => change(index, { hideable })}>
									The holder can hide it
								</Checkbox>
							</Inline>
							<Button
								size="small"
								variant="quiet"
								isDisabled={fields.length === 1}
								onPress={() => onChange(fields.filter((_, place) => place !== index))}
								aria-label={`Remove field ${index + 1}`}
							>
								Remove
							</Button>
						</Inline>
					</Stack>
				</Panel>
			))}
			<Inline>
				<Button icon={IconAdd} onPress={() => onChange([...fields, { ...emptyField(), labels: [{ locale: locales[0] ?? 'en', label: '' }] }])}>
					Add a field
				</Button>
			</Inline>
		</Stack>
	);
}
