import { type CSSProperties, type ReactElement, type ReactNode, useEffect, useState } from 'react';
import {
	ActivityRow,
	AppFrame,
	Badge,
	Banner,
	BrandMark,
	Button,
	CenteredFrame,
	Checkbox,
	CheckboxGroup,
	ConfirmDialog,
	CopyButton,
	CredentialCard,
	CredentialDocument,
	DateField,
	Dialog,
	Disclosure,
	DisclosureList,
	EmptyState,
	FileDrop,
	Grid,
	IconAdd,
	IconButton,
	IconCredential,
	IconDelete,
	IconEdit,
	IconExport,
	IconHistory,
	IconIssue,
	IconKey,
	IconNegative,
	IconPresent,
	IconReceive,
	IconRecovery,
	IconRefresh,
	IconScan,
	IconSettings,
	IconThemeDark,
	IconThemeLight,
	IconThemeSystem,
	IconVerify,
	IconVote,
	IconWallet,
	Inline,
	KeyValueList,
	Link,
	Menu,
	Meter,
	Mono,
	NumberField,
	PageHeader,
	Panel,
	PartyCard,
	PasswordField,
	PhraseGrid,
	PhraseInput,
	ProgressBar,
	QrView,
	RadioGroup,
	ReportTree,
	Section,
	Select,
	ShareBar,
	Sidebar,
	Skeleton,
	Spinner,
	SplitView,
	Stack,
	StatusStamp,
	Stepper,
	Switch,
	Tabs,
	Text,
	TextArea,
	TextField,
	type ThemeChoice,
	Timeline,
	ToastProvider,
	Tooltip,
	useReducedMotion,
	useTheme,
	useToast,
	VerdictPanel,
} from '../src/index.ts';
import { CARDS, DID, MATRIX, REPORT, WORDS } from './samples.ts';

const COLORS = [
	'sunken',
	'paper',
	'surface',
	'raised',
	'ink',
	'ink-muted',
	'ink-faint',
	'rule',
	'rule-strong',
	'accent',
	'accent-soft',
	'positive',
	'positive-soft',
	'caution',
	'caution-soft',
	'negative',
	'negative-soft',
];
const copy = async () => {};

function Sample({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
	return (
		<Section title={title}>
			<div className="gallery-sample">{children}</div>
		</Section>
	);
}

function Feedback(): ReactElement {
	const toast = useToast();
	return (
		<Sample title="Feedback">
			<Banner title="Nothing leaves this device">The request is read here before anything is sent.</Banner>
			<Banner tone="positive" title="Backed up">
				Your recovery phrase was checked on 3 May 2026.
			</Banner>
			<Banner tone="caution" title="This verifier is new to you" actions={<Button size="small">See how it is identified</Button>}>
				Only its web address is known. Show it no more than it needs.
			</Banner>
			<Banner tone="negative" title="The request was refused" role="alert">
				It asks for a signature that cannot be shown in words.
			</Banner>
			<Grid>
				<ProgressBar label="Reading the animated code" value={3} max={8} valueLabel="3 of 8 frames" />
				<ProgressBar label="Making the proof" valueLabel="about 2 seconds" />
				<Meter label="Passphrase" level={1} valueLabel="Too easy to guess" />
				<Meter label="Passphrase" level={4} valueLabel="Strong" />
				<ShareBar label="The three largest" share={0.62} />
				<ShareBar label="Quorum" share={1.4} valueLabel="1.4 times" />
			</Grid>
			<Inline gap={4}>
				<Spinner label="Opening" />
				<Spinner size="large" label="Opening" />
				<Badge>SD-JWT VC</Badge>
				<Badge tone="info" icon={IconKey}>
					Key in this wallet
				</Badge>
				<Badge tone="caution">Test network</Badge>
			</Inline>
			<Inline gap={4}>
				{(['verified', 'valid', 'refused', 'revoked', 'expired', 'suspended', 'caution', 'unchecked'] as const).map((status) => (
					<StatusStamp key={status} status={status} />
				))}
				<StatusStamp status="verified" size="large" />
			</Inline>
			<Inline>
				<Button
					onPress={() =>
						toast({
							title: 'Document deleted',
							description: 'Driving licence',
							action: { label: 'Undo', onPress: () => toast({ title: 'Put back', tone: 'positive' }) },
						})
					}
				>
					Show a message
				</Button>
				<Button onPress={() => toast({ title: 'Not sent', description: 'The verifier did not answer.', tone: 'negative' })}>Show a refusal</Button>
			</Inline>
			<Stack gap={2}>
				<Skeleton width="40%" />
				<Skeleton />
				<Skeleton width="70%" />
			</Stack>
			<EmptyState
				icon={IconCredential}
				title="No documents yet"
				action={
					<Button variant="primary" icon={IconScan}>
						Scan an offer
					</Button>
				}
			>
				Documents that you accept from an issuer are kept here, encrypted, on this computer.
			</EmptyState>
		</Sample>
	);
}

function Overlays(): ReactElement {
	const [open, setOpen] = useState<'dialog' | 'confirm'>();
	const [action, setAction] = useState('none');
	return (
		<Sample title="Overlays and detail">
			<Inline>
				<Button onPress={() => setOpen('dialog')}>Open a dialog</Button>
				<Button onPress={() => setOpen('confirm')}>Ask before deleting</Button>
				<Menu
					label="Document actions"
					onAction={setAction}
					items={[
						{ id: 'export', label: 'Export', icon: IconExport, description: 'As an encrypted file' },
						{ id: 'refresh', label: 'Check its status', icon: IconRefresh },
						{ id: 'rename', label: 'Rename', icon: IconEdit, isDisabled: true },
						{ id: 'delete', label: 'Delete…', icon: IconDelete, isDanger: true },
					]}
				/>
				<Menu label="More" isIconOnly onAction={setAction} items={[{ id: 'rename', label: 'Rename', icon: IconEdit }]} />
				<Text as="span" tone="muted" size="sm">
					Last action: <span data-testid="last-action">{action}</span>
				</Text>
			</Inline>
			<Tabs
				label="Document"
				items={[
					{ id: 'claims', label: 'What it says', content: <Text>Claims stand here.</Text> },
					{ id: 'shown', label: 'Shown to', count: 4, content: <Text>Presentations stand here.</Text> },
					{ id: 'technical', label: 'Technical', content: <Text>Keys and formats stand here.</Text> },
				]}
			/>
			<Disclosure>
				<Text tone="muted">Format dc+sd-jwt, signed with ES256.</Text>
			</Disclosure>
			<Dialog
				isOpen={open === 'dialog'}
				onClose={() => setOpen(undefined)}
				title="Rename this document"
				actions={
					<>
						<Button onPress={() => setOpen(undefined)}>Cancel</Button>
						<Button variant="primary" onPress={() => setOpen(undefined)}>
							Save name
						</Button>
					</>
				}
			>
				<TextField label="Name" value="Driving licence" onChange={() => {}} description="Only you see this name." />
			</Dialog>
			<ConfirmDialog
				isOpen={open === 'confirm'}
				title="Delete this document?"
				confirmLabel="Delete document"
				isDanger
				onConfirm={() => setOpen(undefined)}
				onCancel={() => setOpen(undefined)}
			>
				<Text>The driving licence is removed from this computer. To have it again, ask its issuer for a new one.</Text>
			</ConfirmDialog>
		</Sample>
	);
}

function Forms(): ReactElement {
	const [text, setText] = useState('');
	const [secret, setSecret] = useState('correct horse');
	const [day, setDay] = useState('1990-04-23');
	const [count, setCount] = useState<number | undefined>(3);
	const [network, setNetwork] = useState<'main' | 'test' | 'local'>();
	const [theme, setTheme] = useState<'a' | 'b'>('a');
	const [claims, setClaims] = useState<('name' | 'birth' | 'address')[]>(['name']);
	const [agreed, setAgreed] = useState(false);
	const [locks, setLocks] = useState(true);
	const [phrase, setPhrase] = useState<string[]>(['harbor', 'linnen', ...Array.from({ length: 10 }, () => '')]);
	return (
		<Sample title="Forms">
			<Grid min="20rem">
				<TextField label="Name" description="As it stands in the document." value={text} onChange={setText} />
				<TextField label="Web address" isOptional value="http//verifier" onChange={setText} error="Write an address that begins with https://." />
				<PasswordField label="Passphrase" value={secret} onChange={setSecret} description="At least five words that do not belong together." />
				<DateField label="Date of birth" value={day} onChange={setDay} max="2026-12-31" />
				<NumberField label="Shares to make" value={count} onChange={setCount} min={2} max={16} />
				<Select
					label="Network"
					value={network}
					onChange={setNetwork}
					options={[
						{ value: 'main', label: 'Ethereum', description: 'Public, costs fees' },
						{ value: 'test', label: 'Sepolia' },
						{ value: 'local', label: 'Local', isDisabled: true },
					]}
				/>
				<TextField label="Not now" value="Cannot be changed here" onChange={setText} isDisabled />
			</Grid>
			<TextArea label="Reason" value={text} onChange={setText} />
			<RadioGroup
				label="How do you want to begin?"
				variant="cards"
				value={theme}
				onChange={setTheme}
				options={[
					{ value: 'a', label: 'Create a new wallet', description: 'New keys are made on this computer and nowhere else.', icon: IconAdd },
					{ value: 'b', label: 'Recover a wallet', description: 'From a recovery phrase, shares or a backup file.', icon: IconRecovery },
				]}
			/>
			<Grid>
				<RadioGroup
					label="Lock after"
					value={theme}
					onChange={setTheme}
					options={[
						{ value: 'a', label: 'Five minutes' },
						{ value: 'b', label: 'Half an hour', description: 'Only where nobody else can reach this computer.' },
					]}
				/>
				<CheckboxGroup
					label="Show them"
					value={claims}
					onChange={setClaims}
					options={[
						{ value: 'name', label: 'Name' },
						{ value: 'birth', label: 'Date of birth' },
						{ value: 'address', label: 'Address', isDisabled: true },
					]}
				/>
				<Stack>
					<Checkbox isSelected={agreed} onChange={setAgreed} description="Nobody can give it back to you.">
						I have written the phrase down
					</Checkbox>
					<Switch isSelected={locks} onChange={setLocks} description="Locks when the screen does.">
						Lock with the screen
					</Switch>
					<Switch isSelected={false} onChange={() => {}}>
						Remember on this device
					</Switch>
				</Stack>
			</Grid>
			<PhraseGrid words={WORDS} isRevealed={false} onReveal={() => {}} />
			<PhraseGrid words={WORDS} isRevealed />
			<PhraseInput words={phrase} onChange={setPhrase} wrong={[1]} />
			<FileDrop label="Drop a picture of a QR code here" buttonLabel="Choose a picture" onFile={() => {}} />
		</Sample>
	);
}

function Components(): ReactElement {
	return (
		<>
			<PageHeader
				eyebrow="Design system"
				title="Every component"
				lead="Paper, ink and one accent. Each piece stands here once, in the state that is hardest to get right."
				action={
					<Button variant="primary" icon={IconAdd}>
						Primary action
					</Button>
				}
			/>
			<Sample title="Colour">
				<Grid min="10rem" gap={3}>
					{COLORS.map((name) => (
						<span key={name} className="gallery-swatch" style={{ '--swatch': `var(--hf-${name})` } as CSSProperties}>
							{name}
						</span>
					))}
				</Grid>
			</Sample>
			<Sample title="Actions">
				<Inline>
					<Button variant="primary">Accept document</Button>
					<Button>Not now</Button>
					<Button variant="quiet">Learn more</Button>
					<Button variant="danger" icon={IconDelete}>
						Delete
					</Button>
					<Button variant="primary" isPending pendingLabel="Signing…">
						Sign
					</Button>
					<Button isDisabled>Unavailable</Button>
					<Button size="small">Small</Button>
					<Tooltip label="With a hint">
						<Button size="small" icon={IconRefresh}>
							Check again
						</Button>
					</Tooltip>
					<IconButton icon={IconSettings} label="Settings" />
					<IconButton icon={IconScan} label="Scan" variant="outlined" />
					<CopyButton label="Copy address" onCopy={copy} variant="words" size="medium" />
				</Inline>
				<Text>
					A sentence with <Link onNavigate={() => {}}>a link to another screen</Link> and one{' '}
					<Link onNavigate={() => {}} isExternal>
						to the issuer’s site
					</Link>
					, and an identifier:{' '}
					<Mono onCopy={copy} label="DID">
						{DID}
					</Mono>
				</Text>
				<Stepper steps={['Passphrase', 'Recovery phrase', 'Check', 'Done']} current={1} />
			</Sample>
			<Forms />
			<Overlays />
			<Feedback />
			<Sample title="Documents">
				<Grid min="17rem">
					{CARDS.map((card) => (
						<CredentialCard key={card.seed} {...card} onPress={() => {}} />
					))}
				</Grid>
			</Sample>
			<Sample title="QR and parties">
				<SplitView
					start={<PartyCard name="Corner Bar" host="verify.cornerbar.example" identifiedBy="Only its web address is known." trust="unknown" />}
					end={<QrView matrix={MATRIX} label="Scan to receive the document" size={240} />}
				/>
			</Sample>
		</>
	);
}

function WalletScreen({ go }: { readonly go: (route: Route) => void }): ReactElement {
	return (
		<>
			<PageHeader
				title="Documents"
				lead="Six documents, kept on this computer and nowhere else."
				action={
					<Button variant="primary" icon={IconReceive}>
						Add a document
					</Button>
				}
			/>
			<Grid min="17rem">
				{CARDS.map((card) => (
					<CredentialCard key={card.seed} {...card} onPress={() => go('document')} />
				))}
			</Grid>
		</>
	);
}

function DocumentScreen({ go }: { readonly go: (route: Route) => void }): ReactElement {
	const [face] = CARDS;
	if (!face) return <Text>None.</Text>;
	return (
		<>
			<PageHeader
				title="Personal identity document"
				back={{ label: 'Documents', onNavigate: () => go('wallet') }}
				action={<Menu label="More" isIconOnly onAction={() => {}} items={[{ id: 'delete', label: 'Delete…', icon: IconDelete, isDanger: true }]} />}
			/>
			<SplitView
				start={
					<CredentialDocument
						{...face}
						actions={
							<>
								<Button variant="primary" icon={IconPresent}>
									Show it to someone
								</Button>
								<Button icon={IconRefresh}>Check its status</Button>
							</>
						}
					>
						<KeyValueList
							items={[
								{ id: 'name', label: 'Name', value: 'Mara Lindqvist' },
								{ id: 'birth', label: 'Date of birth', value: '23 April 1990', note: 'Can be proved without being shown' },
								{ id: 'nationality', label: 'Nationality', value: ['Sweden', 'Norway'] },
								{ id: 'address', label: 'Address', value: 'Storgatan 14, 411 38 Göteborg' },
								{ id: 'number', label: 'Document number', value: 'SE 1990-04-23 7718', onCopy: copy },
								{ id: 'issuer', label: 'Issuer’s DID', value: 'did:web:interior.example:identity:issuers:2026', kind: 'mono', onCopy: copy },
								{ id: 'long', label: 'Terms', value: 'This document is issued under the act on electronic identity. '.repeat(9) },
							]}
						/>
					</CredentialDocument>
				}
				end={
					<Stack gap={5}>
						<Section title="Shown to">
							<Stack gap={1}>
								<ActivityRow icon={IconPresent} title="Corner Bar" detail="Older than 18" time="Yesterday" />
								<ActivityRow icon={IconPresent} title="City of Göteborg" detail="Name, address" time="3 May" />
							</Stack>
						</Section>
						<Disclosure label="Technical details">
							<Text size="sm" tone="muted">
								Format dc+sd-jwt, signed with ES256. <Mono>{DID}</Mono>
							</Text>
						</Disclosure>
					</Stack>
				}
			/>
		</>
	);
}

function PresentScreen(): ReactElement {
	return (
		<>
			<PageHeader title="Corner Bar asks for your age" lead="Read what they would learn. Nothing is sent until you agree." />
			<Stack gap={5}>
				<PartyCard
					name="Corner Bar"
					host="verify.cornerbar.example"
					identifiedBy="Its certificate was issued by Nordic Trust Services for this address."
					trust="trusted"
				/>
				<DisclosureList
					learn={[
						{ id: 'age', label: 'Statement', value: 'Older than 18', note: 'Proved without the date of birth' },
						{ id: 'issuer', label: 'Issued by', value: 'Ministry of the Interior' },
					]}
					hidden={[
						{ id: 'name', label: 'Name' },
						{ id: 'birth', label: 'Date of birth' },
						{ id: 'address', label: 'Address' },
						{ id: 'number', label: 'Document number' },
					]}
				/>
				<Inline justify="end">
					<Button size="large">Refuse</Button>
					<Button size="large" variant="primary" icon={IconPresent}>
						Show these two facts
					</Button>
				</Inline>
			</Stack>
		</>
	);
}

function VerifyScreen(): ReactElement {
	return (
		<>
			<PageHeader
				eyebrow="Verification"
				title="Driving licence"
				lead="Presented on 22 November 2026 at 14:02."
				action={<Button icon={IconRefresh}>Check again</Button>}
			/>
			<Stack gap={5}>
				<VerdictPanel verdict="failed" reason="The document expired on 1 September 2026." />
				<Panel>
					<ReportTree report={REPORT} hideRoot />
				</Panel>
				<Grid min="20rem">
					<VerdictPanel verdict="passed" reason="A trusted issuer signed it and it is in force." />
					<VerdictPanel verdict="warning" reason="It holds, but its status could not be asked." />
				</Grid>
			</Stack>
		</>
	);
}

function ActivityScreen(): ReactElement {
	return (
		<>
			<PageHeader
				title="Activity"
				lead="Everything that left this wallet or came into it, kept only here."
				action={<Button icon={IconExport}>Export</Button>}
			/>
			<Timeline
				groups={[
					{
						id: 'today',
						label: 'Today',
						rows: [
							{
								id: '1',
								icon: IconPresent,
								tone: 'info',
								title: 'Showed your age to Corner Bar',
								detail: 'Older than 18 · verify.cornerbar.example',
								time: '14:02',
								dateTime: '2026-11-22T14:02',
								onPress: () => {},
							},
							{
								id: '2',
								icon: IconNegative,
								tone: 'negative',
								title: 'Refused a request',
								detail: 'It asked for your full address',
								time: '09:41',
								dateTime: '2026-11-22T09:41',
								onPress: () => {},
							},
						],
					},
					{
						id: 'may',
						label: '3 May 2026',
						rows: [
							{
								id: '3',
								icon: IconReceive,
								tone: 'positive',
								title: 'Accepted a document from the Ministry of the Interior',
								detail: 'Personal identity document',
								time: '11:20',
								onPress: () => {},
								end: <StatusStamp status="verified" />,
							},
							{ id: '4', icon: IconVote, title: 'Voted in Harbour Commons', detail: 'Proposal 14', time: '10:03' },
						],
					},
				]}
			/>
		</>
	);
}

function WelcomeScreen(): ReactElement {
	const [choice, setChoice] = useState<'new' | 'recover'>('new');
	return (
		<CenteredFrame width="34rem">
			<Inline gap={3}>
				<BrandMark size={44} />
			</Inline>
			<Stack gap={5}>
				<PageHeader title="Your papers, in your keeping" lead="Holdfast keeps identity documents on this computer, and shows of them only what you decide." />
				<RadioGroup
					label="How do you want to begin?"
					variant="cards"
					value={choice}
					onChange={setChoice}
					options={[
						{ value: 'new', label: 'Create a new wallet', description: 'New keys, made on this computer.' },
						{ value: 'recover', label: 'Recover a wallet', description: 'From a phrase, shares or a backup.' },
					]}
				/>
				<Button variant="primary" size="large" isWide>
					Continue
				</Button>
			</Stack>
		</CenteredFrame>
	);
}

const ROUTES = ['components', 'wallet', 'document', 'present', 'verify', 'activity', 'welcome'] as const;
type Route = (typeof ROUTES)[number];

const readRoute = (): Route => ROUTES.find((route) => location.hash === `#${route}`) ?? 'components';

const NEXT_THEME: { readonly [choice in ThemeChoice]: ThemeChoice } = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS = { system: IconThemeSystem, light: IconThemeLight, dark: IconThemeDark } as const;

export function Gallery(): ReactElement {
	const [route, setRoute] = useState(readRoute);
	const { choice, setChoice } = useTheme();
	const reduced = useReducedMotion();
	useEffect(() => {
		const changed = () => setRoute(readRoute());
		window.addEventListener('hashchange', changed);
		return () => window.removeEventListener('hashchange', changed);
	}, []);
	const go = (next: Route) => {
		location.hash = next;
	};
	if (route === 'welcome') return <WelcomeScreen />;
	return (
		<ToastProvider>
			<AppFrame
				sidebar={
					<Sidebar
						brand="Holdfast"
						active={route === 'document' ? 'wallet' : route}
						onNavigate={go}
						onLock={() => {}}
						footer={
							<IconButton
								icon={THEME_ICONS[choice]}
								label={`Theme: ${choice}${reduced ? ', less motion' : ''}`}
								onPress={() => setChoice(NEXT_THEME[choice])}
							/>
						}
						items={[
							{ id: 'wallet', label: 'Documents', icon: IconWallet },
							{ id: 'present', label: 'Requests', icon: IconPresent, count: 2 },
							{ id: 'activity', label: 'Activity', icon: IconHistory },
							{ id: 'verify', label: 'Verify', icon: IconVerify, group: 'Others’ papers' },
							{ id: 'components', label: 'Components', icon: IconIssue },
						]}
					/>
				}
			>
				{route === 'components' && <Components />}
				{route === 'wallet' && <WalletScreen go={go} />}
				{route === 'document' && <DocumentScreen go={go} />}
				{route === 'present' && <PresentScreen />}
				{route === 'verify' && <VerifyScreen />}
				{route === 'activity' && <ActivityScreen />}
			</AppFrame>
		</ToastProvider>
	);
}
