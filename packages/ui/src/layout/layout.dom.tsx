import { type CSSProperties, type ReactElement, type ReactNode, useId } from 'react';
import { type Icon, IconBack, IconLock } from '../icons.dom.tsx';
import { Button } from '../primitives/button.dom.tsx';
import { classes } from '../props.ts';

type Gap = 1 | 2 | 3 | 4 | 5 | 6 | 7;
const gapOf = (gap: Gap): CSSProperties => ({ '--hf-gap': `var(--hf-space-${gap})` }) as CSSProperties;

export interface StackProps {
	readonly children: ReactNode;
	/** Step of the spacing scale. Default 4 (1rem). */
	readonly gap?: Gap | undefined;
}

/** Things under each other. */
export function Stack({ children, gap = 4 }: StackProps): ReactElement {
	return (
		<div className="hf-stack" style={gapOf(gap)}>
			{children}
		</div>
	);
}

export interface InlineProps extends StackProps {
	readonly justify?: 'start' | 'between' | 'end' | 'center' | undefined;
	readonly align?: 'center' | 'start' | 'baseline' | undefined;
}

/** Things beside each other; wraps. */
export function Inline({ children, gap = 2, justify = 'start', align = 'center' }: InlineProps): ReactElement {
	return (
		<div className={classes('hf-inline', `hf-inline--${justify}`, `hf-inline--align-${align}`)} style={gapOf(gap)}>
			{children}
		</div>
	);
}

export interface GridProps extends StackProps {
	/** Narrowest column, a CSS length. Default 18rem. */
	readonly min?: string | undefined;
}

/** As many equal columns as fit. */
export function Grid({ children, gap = 5, min = '18rem' }: GridProps): ReactElement {
	return (
		<div className="hf-grid" style={{ ...gapOf(gap), '--hf-min': min } as CSSProperties}>
			{children}
		</div>
	);
}

export interface PanelProps {
	readonly children: ReactNode;
	/** `sheet` has more room inside, for a document or a form. */
	readonly variant?: 'card' | 'sheet' | 'sunken' | undefined;
}

/** A piece of paper on the desk. */
export function Panel({ children, variant = 'card' }: PanelProps): ReactElement {
	return <div className={classes('hf-panel', `hf-panel--${variant}`)}>{children}</div>;
}

export interface TextProps {
	readonly children: ReactNode;
	readonly size?: 'xs' | 'sm' | 'md' | 'lg' | undefined;
	readonly tone?: 'ink' | 'muted' | 'negative' | undefined;
	/** `p` (default) or inline. */
	readonly as?: 'p' | 'span' | undefined;
}

/** Running text. */
export function Text({ children, size = 'md', tone = 'ink', as: Tag = 'p' }: TextProps): ReactElement {
	return <Tag className={classes('hf-text', `hf-text--${size}`, tone !== 'ink' && `hf-text--${tone}`)}>{children}</Tag>;
}

export interface PageHeaderProps {
	readonly title: string;
	/** What this screen is for, in one sentence. */
	readonly lead?: ReactNode;
	/** The screen's one primary action. */
	readonly action?: ReactNode;
	/** Small line above the title. */
	readonly eyebrow?: string | undefined;
	/** Way back, with the place's name. */
	readonly back?: { readonly label: string; readonly onNavigate: () => void } | undefined;
}

/** A screen's title. */
export function PageHeader({ title, lead, action, eyebrow, back }: PageHeaderProps): ReactElement {
	return (
		<header className="hf-page-header">
			{back && (
				<div className="hf-page-header__back">
					<Button variant="quiet" size="small" icon={IconBack} onPress={back.onNavigate}>
						{back.label}
					</Button>
				</div>
			)}
			<div className="hf-page-header__row">
				<div className="hf-page-header__words">
					{eyebrow && <p className="hf-eyebrow">{eyebrow}</p>}
					<h1 className="hf-page-header__title">{title}</h1>
					{lead && <p className="hf-page-header__lead">{lead}</p>}
				</div>
				{action && <div className="hf-page-header__action">{action}</div>}
			</div>
		</header>
	);
}

export interface SectionProps {
	readonly title: string;
	readonly description?: ReactNode;
	/** Buttons at the title's end. */
	readonly actions?: ReactNode;
	readonly children: ReactNode;
}

/** A titled part of a screen. */
export function Section({ title, description, actions, children }: SectionProps): ReactElement {
	const id = useId();
	return (
		<section className="hf-section" aria-labelledby={id}>
			<div className="hf-section__head">
				<div>
					<h2 className="hf-section__title" id={id}>
						{title}
					</h2>
					{description && <p className="hf-section__description">{description}</p>}
				</div>
				{actions && <div className="hf-section__actions">{actions}</div>}
			</div>
			{children}
		</section>
	);
}

export interface SidebarItem<T extends string = string> {
	readonly id: T;
	readonly label: string;
	readonly icon: Icon;
	/** Things waiting there. */
	readonly count?: number | undefined;
	/** Heading above this item, where a new group begins. */
	readonly group?: string | undefined;
}

export interface SidebarProps<T extends string = string> {
	/** The app's name. */
	readonly brand: string;
	readonly items: readonly SidebarItem<T>[];
	readonly active: T | undefined;
	readonly onNavigate: (id: T) => void;
	/** Locks the wallet; without it there is no lock button. */
	readonly onLock?: (() => void) | undefined;
	/** Stands above the lock button. */
	readonly footer?: ReactNode;
}

/** The app's navigation. In a narrow window it becomes a rail: pictures with their words under them. */
export function Sidebar<T extends string>({ brand, items, active, onNavigate, onLock, footer }: SidebarProps<T>): ReactElement {
	return (
		<nav className="hf-sidebar" aria-label="Main">
			<div className="hf-sidebar__brand">
				<BrandMark />
				<span className="hf-sidebar__name">{brand}</span>
			</div>
			<div className="hf-sidebar__nav">
				<ul className="hf-sidebar__list hf-list-reset">
					{items.map(({ id, label, icon: Picture, count, group }) => (
						<li key={id}>
							{group && <span className="hf-sidebar__group">{group}</span>}
							<button type="button" className="hf-sidebar__item" aria-current={id === active ? 'page' : undefined} onClick={() => onNavigate(id)}>
								<Picture className="hf-icon" aria-hidden />
								<span className="hf-sidebar__label">{label}</span>
								{count !== undefined && count > 0 && (
									<span className="hf-sidebar__count">
										{count}
										<span className="hf-visually-hidden"> waiting</span>
									</span>
								)}
							</button>
						</li>
					))}
				</ul>
			</div>
			{(onLock || footer) && (
				<div className="hf-sidebar__foot">
					{footer}
					{onLock && (
						<button type="button" className="hf-sidebar__item" onClick={onLock}>
							<IconLock className="hf-icon" aria-hidden />
							<span className="hf-sidebar__label">Lock</span>
						</button>
					)}
				</div>
			)}
		</nav>
	);
}

/** The mark of the app: a bollard hitch on a seal. */
export function BrandMark({ size = 28 }: { readonly size?: number | undefined }): ReactElement {
	return (
		<svg className="hf-brand-mark" width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden>
			<circle cx="16" cy="16" r="15.25" stroke="currentColor" strokeWidth="1.5" />
			<circle cx="16" cy="16" r="12.25" stroke="currentColor" strokeWidth="0.75" />
			<path d="M11.5 9.5v13M20.5 9.5v13" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
			<path d="M8.5 18.2c3.2-4.6 5.6-4.6 7.5-2.2s4.3 2.4 7.5-2.2" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
		</svg>
	);
}

export interface AppFrameProps {
	readonly sidebar: ReactNode;
	readonly children: ReactNode;
}

/** The window: navigation beside the screen, which scrolls by itself. */
export function AppFrame({ sidebar, children }: AppFrameProps): ReactElement {
	return (
		<div className="hf-frame">
			{sidebar}
			<main className="hf-frame__main" id="main" tabIndex={-1}>
				<div className="hf-frame__page">{children}</div>
			</main>
		</div>
	);
}

/** One centred column, for onboarding and the lock screen. */
export function CenteredFrame({ children, width = '30rem' }: { readonly children: ReactNode; readonly width?: string | undefined }): ReactElement {
	return (
		<main className="hf-centered">
			<div className="hf-centered__column" style={{ '--hf-width': width } as CSSProperties}>
				{children}
			</div>
		</main>
	);
}

export interface SplitViewProps {
	/** The list or the subject. */
	readonly start: ReactNode;
	/** The detail or the commentary. */
	readonly end: ReactNode;
	/** Width of the narrower side, a CSS length. Default 20rem. */
	readonly width?: string | undefined;
	/** Which side is the narrower one. Default `end`. */
	readonly narrow?: 'start' | 'end' | undefined;
}

/** Two columns that become one in a narrow window. */
export function SplitView({ start, end, width = '20rem', narrow = 'end' }: SplitViewProps): ReactElement {
	return (
		<div className={classes('hf-split', `hf-split--${narrow}`)} style={{ '--hf-width': width } as CSSProperties}>
			<div className="hf-split__side">{start}</div>
			<div className="hf-split__side">{end}</div>
		</div>
	);
}
