import type { ColumnUse, CredentialFormat, CredentialType, DidSummary, ImportPreview } from '@holdfast/contract';
import {
	Banner,
	Button,
	EmptyState,
	IconIdentity,
	IconIssue,
	Inline,
	ProgressBar,
	RadioGroup,
	Section,
	Select,
	Stack,
	Stepper,
	Text,
	TextField,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useProgress, useQuery } from '../../../shell/calls.dom.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { listOf } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { formatMeaning, formatName } from '../../../shell/words.ts';
import { EXPIRY, VALIDITY } from '../terms.ts';
import { columnKey, columnUse, hasTwice, missing } from './columns.ts';

const STEPS = ['Choose a file', 'Say what is what', 'Check', 'Issue'] as const;
const FORMATS = (['dc+sd-jwt', 'jwt_vc_json'] as const).map((value) => ({ value, label: formatName(value), description: formatMeaning(value) }));
const DELIVERIES = [
	{ value: 'offers', label: 'Offer them', description: 'A link and a QR code for each row. Holders collect their documents themselves.' },
	{ value: 'signed', label: 'Sign them', description: 'Each row brings the holder’s DID. You get the signed documents as a file.' },
] as const;
const ENCODINGS = [
	{ value: 'utf-8', label: 'UTF-8' },
	{ value: 'windows-1252', label: 'Western European (Latin-1)' },
	{ value: 'utf-16le', label: 'UTF-16, little-endian' },
	{ value: 'utf-16be', label: 'UTF-16, big-endian' },
] as const;
const DELIMITERS = [
	{ value: ',', label: 'Comma' },
	{ value: ';', label: 'Semicolon' },
	{ value: '\t', label: 'Tab' },
	{ value: '|', label: 'Vertical bar' },
] as const;

/** Documents from a table: choose a file, say what its columns are, have every row checked. */
export function TableScreen({ typeId }: { readonly typeId: string }): ReactElement {
	const [, go] = useLocation();
	const types = useQuery('issue.types', {}, ['types']);
	const dids = useQuery('dids.list', {}, ['dids']);
	const type = types.status === 'ready' ? types.value.find((each) => each.id === typeId) : undefined;
	const [preview, setPreview] = useState<ImportPreview>();
	const open = useAction('import.open');
	const choose = () =>
		void open.run({ typeId }).then((result) => {
			if (result.ok && result.value) setPreview(result.value);
		});
	const back = { label: 'Issue', onNavigate: () => go(paths.issue) };
	if (type && preview && dids.status === 'ready' && dids.value.length > 0) {
		return <Mapping key={preview.id} type={type} dids={dids.value} preview={preview} onPreview={setPreview} onOther={choose} />;
	}
	return (
		<Screen title={type ? `${type.name} from a table` : 'From a table'} lead="One document for each row. Nothing is issued before you say so." back={back}>
			<Loaded query={types} what="this kind of document">
				{() => (
					<Loaded query={dids} what="your identities">
						{(list) =>
							list.length === 0 ? (
								<EmptyState
									icon={IconIdentity}
									title="You need an identity first"
									action={
										<Button variant="primary" onPress={() => go(paths.identityNew)}>
											Create identity
										</Button>
									}
								>
									Documents are signed with one of your identities.
								</EmptyState>
							) : (
								<Stack gap={5}>
									<Stepper steps={STEPS} current={0} />
									<Problem title="The file was not opened" error={open.error} />
									<EmptyState
										icon={IconIssue}
										title="Choose a table"
										action={
											<Button variant="primary" isPending={open.pending} pendingLabel="Opening…" onPress={choose}>
												Choose a file
											</Button>
										}
									>
										A CSV, XLSX or ODS file whose first row names the columns. Formulas are never evaluated.
									</EmptyState>
								</Stack>
							)
						}
					</Loaded>
				)}
			</Loaded>
		</Screen>
	);
}

interface MappingProps {
	readonly type: CredentialType;
	readonly dids: readonly DidSummary[];
	readonly preview: ImportPreview;
	readonly onPreview: (preview: ImportPreview) => void;
	readonly onOther: () => void;
}

function Mapping({ type, dids, preview, onPreview, onOther }: MappingProps): ReactElement {
	const [, go] = useLocation();
	const [uses, setUses] = useState<readonly ColumnUse[]>(preview.columns.map((column) => column.suggested));
	const [format, setFormat] = useState<CredentialFormat>('dc+sd-jwt');
	const [issuerDid, setIssuer] = useState(dids[0]?.did ?? '');
	const [validDays, setValidDays] = useState<string>('365');
	const [basis, setBasis] = useState('');
	const [delivery, setDelivery] = useState<'offers' | 'signed'>(uses.some((use) => use.kind === 'holder') ? 'signed' : 'offers');
	const [expiry, setExpiry] = useState<string>('43200');
	const look = useAction('import.look');
	const check = useAction('batch.check');
	const cancel = useAction('exchange.cancel');
	const progress = useProgress(check.pending ? preview.id : undefined);

	const again = (change: { sheet?: string; encoding?: (typeof ENCODINGS)[number]['value']; delimiter?: (typeof DELIMITERS)[number]['value'] }) =>
		void look
			.run({
				id: preview.id,
				typeId: type.id,
				...(preview.sheet === null ? {} : { sheet: preview.sheet }),
				...(preview.encoding === null ? {} : { encoding: preview.encoding as (typeof ENCODINGS)[number]['value'] }),
				...(preview.delimiter === null ? {} : { delimiter: preview.delimiter as (typeof DELIMITERS)[number]['value'] }),
				...change,
			})
			.then((result) => {
				if (!result.ok) return;
				setUses(result.value.columns.map((column) => column.suggested));
				onPreview(result.value);
			});

	const options = [
		...type.fields.map((field) => ({ value: columnKey({ kind: 'claim', path: field.path }), label: field.required ? `${field.label} (needed)` : field.label })),
		{ value: 'contact', label: 'Contact (not in the document)' },
		{ value: 'holder', label: 'Holder’s DID' },
		{ value: 'nothing', label: 'Do not use' },
	];
	const lacking = missing(type.fields, uses);
	const twice = hasTwice(uses);
	const lacksHolder = delivery === 'signed' && !uses.some((use) => use.kind === 'holder');

	const run = async () => {
		const result = await check.run({
			importId: preview.id,
			typeId: type.id,
			format,
			issuerDid,
			validDays: Number(validDays),
			...(basis.trim() === '' ? {} : { basis: basis.trim() }),
			delivery: delivery === 'offers' ? { kind: 'offers', expiresInMinutes: Number(expiry) } : { kind: 'signed' },
			columns: [...uses],
		});
		if (result.ok) go(paths.batch(result.value.id));
	};

	return (
		<Screen key="mapping" title={`${type.name} from a table`} lead={preview.name} back={{ label: 'Issue', onNavigate: () => go(paths.issue) }}>
			<Stack gap={6}>
				<Stepper steps={STEPS} current={1} />
				<Section title="How the file is read" actions={<Button onPress={onOther}>Choose another file</Button>}>
					<div className="app-form">
						{preview.sheets.length > 0 && (
							<Select
								label="Sheet"
								options={preview.sheets.map((name) => ({ value: name, label: name }))}
								value={preview.sheet ?? undefined}
								onChange={(sheet) => again({ sheet })}
							/>
						)}
						{preview.encoding !== null && (
							<Select
								label="Characters"
								options={ENCODINGS}
								value={ENCODINGS.find(({ value }) => value === preview.encoding)?.value}
								onChange={(encoding) => again({ encoding })}
							/>
						)}
						{preview.delimiter !== null && (
							<Select
								label="Divided by"
								options={DELIMITERS}
								value={DELIMITERS.find(({ value }) => value === preview.delimiter)?.value}
								onChange={(delimiter) => again({ delimiter })}
							/>
						)}
					</div>
					<Problem title="The file was not read" error={look.error} />
				</Section>
				<Section title="What the columns are" description="Each column fills one field of the document, or none.">
					<ul className="app-rows hf-list-reset" aria-label="Columns">
						{preview.columns.map((column, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place; names may repeat
							<li key={index} className="app-row">
								<div className="app-row__words">
									<strong>{column.name}</strong>
									<Text size="sm" tone="muted">
										{column.samples.filter((text) => text !== '').join(' · ') || 'Empty in the first rows'}
									</Text>
								</div>
								<div className="app-column">
									<Select
										label={`Field for ${column.name}`}
										options={options}
										value={columnKey(uses[index] ?? { kind: 'nothing' })}
										onChange={(key) => setUses(uses.map((use, place) => (place === index ? columnUse(key, type.fields) : use)))}
									/>
								</div>
							</li>
						))}
					</ul>
					{lacking.length > 0 && (
						<Banner tone="caution" title="Something that the document needs is missing">
							No column fills {listOf(lacking)}.
						</Banner>
					)}
					{twice && <Banner tone="caution">Two columns fill the same field. Choose one of them.</Banner>}
				</Section>
				<Section title="How they are issued">
					<Stack gap={5}>
						<RadioGroup label="Delivery" variant="cards" options={DELIVERIES} value={delivery} onChange={setDelivery} />
						{lacksHolder && <Banner tone="caution">Say which column holds the holder’s DID.</Banner>}
						<RadioGroup label="Format" variant="cards" options={FORMATS} value={format} onChange={setFormat} />
						<div className="app-form">
							<Select
								label="Issuer identity"
								options={dids.map((each) => ({ value: each.did, label: each.alias ?? each.did, description: each.did }))}
								value={issuerDid}
								onChange={setIssuer}
							/>
							<Select label="Valid for" options={VALIDITY} value={VALIDITY.find(({ value }) => value === validDays)?.value} onChange={setValidDays} />
							<TextField
								label="Ground or consent"
								isOptional
								description="Why you may issue these. Kept in your register, no part of the documents."
								value={basis}
								onChange={setBasis}
								maxLength={300}
							/>
							{delivery === 'offers' && (
								<Select label="Offers open for" options={EXPIRY} value={EXPIRY.find(({ value }) => value === expiry)?.value} onChange={setExpiry} />
							)}
						</div>
					</Stack>
				</Section>
				<Problem title="The table was not checked" error={check.error} />
				{check.pending && <ProgressBar label="Checking every row" valueLabel={progress ? `${progress.done.toLocaleString('en-GB')} rows` : undefined} />}
				<Inline justify="end">
					{check.pending && <Button onPress={() => void cancel.run({ id: preview.id })}>Stop</Button>}
					<Button
						variant="primary"
						isPending={check.pending}
						pendingLabel="Checking…"
						isDisabled={twice || lacking.length > 0 || lacksHolder || issuerDid === ''}
						onPress={() => void run()}
					>
						Check every row
					</Button>
				</Inline>
			</Stack>
		</Screen>
	);
}
