import { displayText } from '@holdfast/kernel';
import { type CSSProperties, type ReactElement, type ReactNode, useId, useMemo } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { documentFace } from '../contrast.ts';
import { imageDataUrl } from '../data-url.ts';
import { guilloche } from '../guilloche.ts';
import { type Status, StatusStamp } from '../primitives/feedback.dom.tsx';
import { classes } from '../props.ts';

/** What a document's face shows; texts come from an issuer and are cleaned here. */
export interface CredentialFace {
	readonly title: string;
	readonly issuerName: string;
	/** One line more: the holder's name, a number. */
	readonly subtitle?: string | undefined;
	/** Validity in words: "Valid until 3 May 2031". */
	readonly validity?: string | undefined;
	readonly status?: Status | undefined;
	readonly statusLabel?: string | undefined;
	/** What the pattern and the default colour derive from: the credential type. */
	readonly seed: string;
	/** The issuer's colours, `#rrggbb`; kept only where they can be read. */
	readonly backgroundColor?: string | undefined;
	readonly textColor?: string | undefined;
	/** A `data:` URL; anything else is not shown. */
	readonly logo?: string | undefined;
	readonly logoAlt?: string | undefined;
}

function Engraving({ seed }: { readonly seed: string }): ReactElement {
	const { centerX, centerY, rings, band } = useMemo(() => guilloche(seed), [seed]);
	return (
		<svg
			className="hf-face__engraving"
			viewBox="0 0 400 252"
			preserveAspectRatio="xMaxYMid slice"
			fill="none"
			stroke="currentColor"
			strokeWidth="0.6"
			aria-hidden
			focusable="false"
		>
			<g transform={`translate(${centerX} ${centerY})`}>
				{rings.flatMap(({ path, turns }) => turns.map((turn) => <path key={`${path.length} ${turn}`} d={path} transform={`rotate(${turn})`} />))}
			</g>
			<path d={band} />
		</svg>
	);
}

function faceStyle({ seed, backgroundColor, textColor }: CredentialFace): CSSProperties {
	const face = documentFace(seed, backgroundColor, textColor);
	return { '--hf-face': face.background, '--hf-face-ink': face.ink } as CSSProperties;
}

function IssuerLine({ issuerName, logo, logoAlt }: CredentialFace): ReactElement {
	const picture = imageDataUrl(logo);
	return (
		<span className="hf-face__issuer">
			{picture && <img className="hf-face__logo" src={picture} alt={displayText(logoAlt ?? '', 80)} />}
			<span>{displayText(issuerName, 80)}</span>
		</span>
	);
}

export interface CredentialCardProps extends CredentialFace {
	/** Opens it; without it the card is only a picture of the document. */
	readonly onPress?: (() => void) | undefined;
	/** Chosen among several. */
	readonly isSelected?: boolean | undefined;
}

/** A document's face, the size of an identity card. */
export function CredentialCard({ onPress, isSelected, ...face }: CredentialCardProps): ReactElement {
	const content = (
		<>
			<Engraving seed={face.seed} />
			<span className="hf-face__top">
				<IssuerLine {...face} />
				{face.status && <StatusStamp status={face.status} label={face.statusLabel} />}
			</span>
			<span className="hf-face__bottom">
				<span className="hf-face__title">{displayText(face.title, 80)}</span>
				{face.subtitle && <span className="hf-face__subtitle">{displayText(face.subtitle, 80)}</span>}
				{face.validity && <span className="hf-face__validity">{face.validity}</span>}
			</span>
		</>
	);
	const className = classes('hf-face hf-card', isSelected && 'hf-card--selected');
	return onPress ? (
		<AriaButton
			className={classes(className, 'hf-card--press')}
			style={faceStyle(face)}
			onPress={() => onPress()}
			{...(isSelected === undefined ? {} : { 'aria-pressed': isSelected })}
		>
			{content}
		</AriaButton>
	) : (
		<div className={className} style={faceStyle(face)}>
			{content}
		</div>
	);
}

export interface CredentialDocumentProps extends CredentialFace {
	/** The claims and whatever else stands on the sheet. */
	readonly children: ReactNode;
	/** Buttons or a menu at the foot. */
	readonly actions?: ReactNode;
}

/** A document laid open: its face as a heading, what it says below. */
export function CredentialDocument({ children, actions, ...face }: CredentialDocumentProps): ReactElement {
	const id = useId();
	return (
		<article className="hf-document" aria-labelledby={id}>
			<header className="hf-face hf-document__head" style={faceStyle(face)}>
				<Engraving seed={face.seed} />
				<IssuerLine {...face} />
				<h2 className="hf-document__title" id={id}>
					{displayText(face.title, 120)}
				</h2>
				{face.subtitle && <span className="hf-face__subtitle">{displayText(face.subtitle, 120)}</span>}
			</header>
			{(face.status || face.validity) && (
				<div className="hf-document__state">
					{face.validity && <span>{face.validity}</span>}
					{face.status && <StatusStamp status={face.status} label={face.statusLabel} size="large" />}
				</div>
			)}
			<div className="hf-document__body">{children}</div>
			{actions && <footer className="hf-document__foot">{actions}</footer>}
		</article>
	);
}
