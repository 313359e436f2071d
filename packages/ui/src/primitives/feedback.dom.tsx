import type { CSSProperties, ReactElement, ReactNode } from 'react';
import { Meter as AriaMeter, ProgressBar as AriaProgressBar, Label } from 'react-aria-components';
import { type Icon, IconCaution, IconExpired, IconInfo, IconNegative, IconPositive, IconRevoked, IconSkipped, IconWarning } from '../icons.dom.tsx';
import { classes, type Tone } from '../props.ts';

const TONE_ICONS: { readonly [tone in Tone]: Icon } = {
	info: IconInfo,
	positive: IconPositive,
	caution: IconWarning,
	negative: IconNegative,
	neutral: IconInfo,
};

export interface SpinnerProps {
	readonly size?: 'inline' | 'large' | undefined;
	/** Said to assistive technology; without it the spinner is decoration beside words. */
	readonly label?: string | undefined;
}

/** Something is going on and its end is not known. */
export function Spinner({ size = 'inline', label }: SpinnerProps): ReactElement {
	const named = label ? ({ role: 'img', 'aria-label': label } as const) : ({ 'aria-hidden': true } as const);
	return (
		// biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden
		<svg
			className={classes('hf-spinner', size === 'large' && 'hf-spinner--large')}
			viewBox="0 0 24 24"
			fill="none"
			stroke="currentColor"
			strokeWidth="2.25"
			{...named}
		>
			<circle cx="12" cy="12" r="9" opacity="0.25" />
			<path d="M12 3a9 9 0 0 1 9 9" strokeLinecap="round" />
		</svg>
	);
}

export interface BannerProps {
	readonly tone?: Tone | undefined;
	readonly title?: string | undefined;
	readonly children?: ReactNode;
	/** Buttons under the text. */
	readonly actions?: ReactNode;
	readonly icon?: Icon | undefined;
	/** `alert` interrupts a screen reader, `status` waits; default: none, for a banner that was there from the start. */
	readonly role?: 'alert' | 'status' | undefined;
}

/** A message that belongs to the screen and stays on it. */
export function Banner({ tone = 'info', title, children, actions, icon, role }: BannerProps): ReactElement {
	const Picture = icon ?? TONE_ICONS[tone];
	return (
		<div className={classes('hf-banner', `hf-tone--${tone}`)} role={role}>
			<Picture className="hf-icon" aria-hidden />
			<div className="hf-banner__content">
				{title && <p className="hf-banner__title">{title}</p>}
				{children && <div>{children}</div>}
				{actions && <div className="hf-banner__actions">{actions}</div>}
			</div>
		</div>
	);
}

const fill = (percentage: number): CSSProperties => ({ '--hf-fill': `${percentage}%` }) as CSSProperties;

export interface ProgressBarProps {
	readonly label: string;
	/** Between 0 and `max`; undefined: the end is not known. */
	readonly value?: number | undefined;
	readonly max?: number | undefined;
	/** Words instead of the percentage: "3 of 8 frames". */
	readonly valueLabel?: string | undefined;
}

/** How far a task is. */
export function ProgressBar({ label, value, max = 100, valueLabel }: ProgressBarProps): ReactElement {
	return (
		<AriaProgressBar
			className="hf-bar"
			value={value ?? 0}
			maxValue={max}
			isIndeterminate={value === undefined}
			{...(valueLabel === undefined ? {} : { valueLabel })}
		>
			{({ percentage, valueText, isIndeterminate }) => (
				<>
					<div className="hf-bar__head">
						<Label>{label}</Label>
						<span className="hf-bar__value">{isIndeterminate ? valueLabel : valueText}</span>
					</div>
					<div className="hf-bar__track">
						<div className={classes('hf-bar__fill', isIndeterminate && 'hf-bar__fill--unknown')} style={isIndeterminate ? undefined : fill(percentage ?? 0)} />
					</div>
				</>
			)}
		</AriaProgressBar>
	);
}

export interface MeterProps {
	readonly label: string;
	/** 0 (nothing) to 4 (best). */
	readonly level: 0 | 1 | 2 | 3 | 4;
	/** The level in words: "Strong". */
	readonly valueLabel: string;
}

/** A strength in four steps, in words and length; colour only repeats it. */
export function Meter({ label, level, valueLabel }: MeterProps): ReactElement {
	const tone: Tone = level <= 1 ? 'negative' : level === 2 ? 'caution' : 'positive';
	return (
		<AriaMeter className={classes('hf-bar', `hf-tone--${tone}`)} value={level} maxValue={4} valueLabel={valueLabel}>
			<div className="hf-bar__head">
				<Label>{label}</Label>
				<span className="hf-tone-ink">{valueLabel}</span>
			</div>
			<div className="hf-bar__segments">
				{[1, 2, 3, 4].map((step) => (
					<div key={step} className={classes('hf-bar__segment', step <= level && 'hf-bar__segment--on')} />
				))}
			</div>
		</AriaMeter>
	);
}

export interface ShareBarProps {
	readonly label: string;
	/** 0 to 1; more is drawn as all of it. */
	readonly share: number;
	/** Words instead of the percentage: "1.2 times the quorum". */
	readonly valueLabel?: string | undefined;
}

/** A part of a whole, as a number and as a length. */
export function ShareBar({ label, share, valueLabel }: ShareBarProps): ReactElement {
	const percent = Math.min(100, Math.max(0, share * 100));
	const words = valueLabel ?? `${percent > 0 && percent < 1 ? percent.toFixed(1) : percent.toFixed(0)}%`;
	return (
		<AriaMeter className="hf-bar" value={percent} maxValue={100} valueLabel={words}>
			<div className="hf-bar__head">
				<Label>{label}</Label>
				<span className="hf-bar__value">{words}</span>
			</div>
			<div className="hf-bar__track">
				<div className="hf-bar__fill" style={fill(percent)} />
			</div>
		</AriaMeter>
	);
}

export interface SkeletonProps {
	/** CSS lengths. */
	readonly width?: string | undefined;
	readonly height?: string | undefined;
}

/** The place of something that is being read. Put `aria-busy` and words on the region around it. */
export function Skeleton({ width = '100%', height = '1em' }: SkeletonProps): ReactElement {
	return <span className="hf-skeleton" aria-hidden style={{ '--hf-skeleton-width': width, '--hf-skeleton-height': height } as CSSProperties} />;
}

export interface BadgeProps {
	readonly children: ReactNode;
	readonly tone?: Tone | undefined;
	readonly icon?: Icon | undefined;
}

/** A short label beside a title. */
export function Badge({ children, tone = 'neutral', icon: Picture }: BadgeProps): ReactElement {
	return (
		<span className={classes('hf-badge', `hf-tone--${tone}`)}>
			{Picture && <Picture className="hf-icon" aria-hidden />}
			{children}
		</span>
	);
}

/** The state of a document or a decision. */
export type Status = 'verified' | 'valid' | 'refused' | 'revoked' | 'expired' | 'suspended' | 'caution' | 'unchecked';

const STATUS: { readonly [status in Status]: { readonly word: string; readonly tone: Tone; readonly icon: Icon } } = {
	verified: { word: 'Verified', tone: 'positive', icon: IconPositive },
	valid: { word: 'Valid', tone: 'positive', icon: IconPositive },
	refused: { word: 'Refused', tone: 'negative', icon: IconNegative },
	revoked: { word: 'Revoked', tone: 'negative', icon: IconRevoked },
	expired: { word: 'Expired', tone: 'caution', icon: IconExpired },
	suspended: { word: 'Suspended', tone: 'caution', icon: IconCaution },
	caution: { word: 'Look closer', tone: 'caution', icon: IconWarning },
	unchecked: { word: 'Not checked', tone: 'neutral', icon: IconSkipped },
};

export interface StatusStampProps {
	readonly status: Status;
	/** Other words than the usual ones. */
	readonly label?: string | undefined;
	readonly size?: 'small' | 'large' | undefined;
}

/** A stamp with a picture and a word. */
export function StatusStamp({ status, label, size = 'small' }: StatusStampProps): ReactElement {
	const { word, tone, icon: Picture } = STATUS[status];
	return (
		<span className={classes('hf-stamp', `hf-tone--${tone}`, size === 'large' ? 'hf-stamp--large' : 'hf-stamp--plain')}>
			<Picture className="hf-icon" aria-hidden />
			{label ?? word}
		</span>
	);
}

export interface EmptyStateProps {
	readonly icon: Icon;
	readonly title: string;
	/** What will be here, and how it gets here. */
	readonly children?: ReactNode;
	readonly action?: ReactNode;
}

/** A place where nothing is yet, and the way to change that. */
export function EmptyState({ icon: Picture, title, children, action }: EmptyStateProps): ReactElement {
	return (
		<div className="hf-empty">
			<div className="hf-empty__mark">
				<Picture className="hf-icon" aria-hidden />
			</div>
			<h2 className="hf-empty__title">{title}</h2>
			{children && <div className="hf-empty__text">{children}</div>}
			{action && <div className="hf-empty__action">{action}</div>}
		</div>
	);
}
