import { displayText } from '@holdfast/kernel';
import type { ReactElement, ReactNode } from 'react';
import { imageDataUrl } from '../data-url.ts';
import {
	type Icon,
	IconCheck,
	IconHide,
	IconNegative,
	IconOrganisation,
	IconPositive,
	IconShieldCaution,
	IconShieldNegative,
	IconShow,
	IconVerify,
	IconWarning,
} from '../icons.dom.tsx';
import { classes, type Tone } from '../props.ts';
import { QUIET_ZONE, qrPath } from '../qr-path.ts';

/** One thing that is shown or kept. */
export interface DisclosureItem {
	readonly id: string;
	/** The claim in words: "Date of birth", or a statement: "Older than 18". */
	readonly label: string;
	/** The value that they would read. */
	readonly value?: string | undefined;
	/** Why, or how: "Required", "Proved without the date". */
	readonly note?: string | undefined;
}

export interface DisclosureListProps {
	readonly learn: readonly DisclosureItem[];
	readonly hidden: readonly DisclosureItem[];
	/** Default "They learn". */
	readonly learnTitle?: string | undefined;
	/** Default "Stays hidden". */
	readonly hiddenTitle?: string | undefined;
	/** Said when nothing would be shown. */
	readonly learnNothing?: string | undefined;
	/** Level of the two headings. Default 2. */
	readonly headingLevel?: 2 | 3 | undefined;
}

function DisclosureColumn({
	title,
	items,
	icon: Picture,
	kind,
	level,
	empty,
}: {
	readonly title: string;
	readonly items: readonly DisclosureItem[];
	readonly icon: Icon;
	readonly level: 2 | 3;
	readonly kind: 'learn' | 'hidden';
	readonly empty: string;
}): ReactElement {
	const Heading = `h${level}` as const;
	return (
		<section className={classes('hf-reveal', `hf-reveal--${kind}`)}>
			<Heading className="hf-reveal__title">
				<Picture className="hf-icon" aria-hidden />
				{title}
				<span className="hf-count">{items.length}</span>
			</Heading>
			{items.length === 0 ? (
				<p className="hf-reveal__empty">{empty}</p>
			) : (
				<ul className="hf-reveal__list hf-list-reset">
					{items.map((item) => (
						<li key={item.id} className="hf-reveal__item">
							<span className="hf-reveal__label">{displayText(item.label, 120)}</span>
							{item.value !== undefined && <span className="hf-reveal__value">{displayText(item.value, 300)}</span>}
							{item.note && <span className="hf-reveal__note">{displayText(item.note, 200)}</span>}
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

/** What the other side learns, beside what it does not. */
export function DisclosureList({
	learn,
	hidden,
	learnTitle = 'They learn',
	hiddenTitle = 'Stays hidden',
	learnNothing = 'Nothing.',
	headingLevel = 2,
}: DisclosureListProps): ReactElement {
	return (
		<div className="hf-reveals">
			<DisclosureColumn title={learnTitle} items={learn} icon={IconShow} kind="learn" level={headingLevel} empty={learnNothing} />
			<DisclosureColumn title={hiddenTitle} items={hidden} icon={IconHide} kind="hidden" level={headingLevel} empty="Nothing else is in these documents." />
		</div>
	);
}

/** The outcome of a verification. */
export type Verdict = 'passed' | 'warning' | 'failed';

const VERDICTS: { readonly [verdict in Verdict]: { readonly tone: Tone; readonly icon: Icon; readonly title: string } } = {
	passed: { tone: 'positive', icon: IconVerify, title: 'Verified' },
	warning: { tone: 'caution', icon: IconShieldCaution, title: 'Verified, with a caution' },
	failed: { tone: 'negative', icon: IconShieldNegative, title: 'Not verified' },
};

export interface VerdictPanelProps {
	readonly verdict: Verdict;
	/** Other words than the usual ones. */
	readonly title?: string | undefined;
	/** Why, in one sentence. */
	readonly reason: string;
	/** Details or buttons below. */
	readonly children?: ReactNode;
}

/** The answer, large: a picture, a word and one sentence. Announced when it appears. */
export function VerdictPanel({ verdict, title, reason, children }: VerdictPanelProps): ReactElement {
	const { tone, icon: Picture, title: usual } = VERDICTS[verdict];
	return (
		<div className={classes('hf-verdict', `hf-tone--${tone}`)}>
			<div className="hf-verdict__seal">
				<Picture className="hf-icon" aria-hidden />
			</div>
			<div className="hf-verdict__words" role="status">
				<h2 className="hf-verdict__title">{title ?? usual}</h2>
				<p>{displayText(reason, 400)}</p>
			</div>
			{children && <div className="hf-verdict__more">{children}</div>}
		</div>
	);
}

export interface PartyCardProps {
	/** The name it goes by, as far as it is known. */
	readonly name: string;
	/** The host that it speaks from, always shown as it is. */
	readonly host?: string | undefined;
	/** How the name was established: "Certificate by …", "Only its address is known". */
	readonly identifiedBy: string;
	readonly trust: 'trusted' | 'known' | 'unknown' | 'refused';
	/** Trust in words, instead of the usual ones. */
	readonly trustLabel?: string | undefined;
	/** What it does here. Default "Asks". */
	readonly role?: string | undefined;
	readonly logo?: string | undefined;
	readonly children?: ReactNode;
}

const TRUST: { readonly [trust in PartyCardProps['trust']]: { readonly tone: Tone; readonly icon: Icon; readonly words: string } } = {
	trusted: { tone: 'positive', icon: IconPositive, words: 'On your list of trusted parties' },
	known: { tone: 'neutral', icon: IconCheck, words: 'You have met before' },
	unknown: { tone: 'caution', icon: IconWarning, words: 'Not known to you' },
	refused: { tone: 'negative', icon: IconNegative, words: 'Could not be identified' },
};

/** Who asks or offers. */
export function PartyCard({ name, host, identifiedBy, trust, trustLabel, role = 'Asks', logo, children }: PartyCardProps): ReactElement {
	const { tone, icon: Picture, words } = TRUST[trust];
	const picture = imageDataUrl(logo);
	return (
		<div className="hf-party">
			<div className="hf-party__mark">{picture ? <img src={picture} alt="" /> : <IconOrganisation className="hf-icon" aria-hidden />}</div>
			<div className="hf-party__words">
				<p className="hf-party__role">{role}</p>
				<p className="hf-party__name">{displayText(name, 100)}</p>
				{host && <p className="hf-party__host">{displayText(host, 253)}</p>}
				<p className="hf-party__identified">{displayText(identifiedBy, 300)}</p>
				<p className={classes('hf-party__trust hf-tone-ink', `hf-tone--${tone}`)}>
					<Picture className="hf-icon" aria-hidden />
					{trustLabel ?? words}
				</p>
				{children}
			</div>
		</div>
	);
}

export interface QrViewProps {
	/** `true` is a dark module; without quiet zone. */
	readonly matrix: readonly (readonly boolean[])[];
	/** What scanning it does: "Scan to receive the document". */
	readonly label: string;
	/** Edge in CSS pixels, quiet zone included. Default 280. */
	readonly size?: number | undefined;
}

/** A QR symbol, dark on white in every theme, because scanners expect it. */
export function QrView({ matrix, label, size = 280 }: QrViewProps): ReactElement {
	const modules = matrix.length + 2 * QUIET_ZONE;
	return (
		<svg className="hf-qr" role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${modules} ${modules}`} shapeRendering="crispEdges">
			<rect width={modules} height={modules} fill="#fff" />
			<path d={qrPath(matrix)} fill="#000" />
		</svg>
	);
}
