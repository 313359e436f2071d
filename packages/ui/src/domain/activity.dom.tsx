import { displayText } from '@holdfast/kernel';
import type { ReactElement, ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { type Icon, IconDisclose } from '../icons.dom.tsx';
import { classes, type Tone } from '../props.ts';

export interface ActivityRowProps {
	readonly icon: Icon;
	readonly tone?: Tone | undefined;
	/** What happened: "Showed your age to Corner Bar". */
	readonly title: string;
	readonly detail?: string | undefined;
	/** When, in words. */
	readonly time: string;
	/** The same, ISO 8601, for `<time>`. */
	readonly dateTime?: string | undefined;
	readonly onPress?: (() => void) | undefined;
	/** A badge or stamp. */
	readonly end?: ReactNode;
}

/** One thing that happened. */
export function ActivityRow({ icon: Picture, tone = 'neutral', title, detail, time, dateTime, onPress, end }: ActivityRowProps): ReactElement {
	const content = (
		<>
			<span className={classes('hf-activity__mark', `hf-tone--${tone}`)}>
				<Picture className="hf-icon" aria-hidden />
			</span>
			<span className="hf-activity__words">
				<span className="hf-activity__title">{displayText(title, 200)}</span>
				{detail && <span className="hf-activity__detail">{displayText(detail, 300)}</span>}
			</span>
			{end}
			<time className="hf-activity__time" dateTime={dateTime}>
				{time}
			</time>
			{onPress && <IconDisclose className="hf-icon hf-activity__open" aria-hidden />}
		</>
	);
	return onPress ? (
		<AriaButton className="hf-activity hf-activity--press" onPress={() => onPress()}>
			{content}
		</AriaButton>
	) : (
		<div className="hf-activity">{content}</div>
	);
}

export interface TimelineGroup {
	readonly id: string;
	/** The day in words: "Today", "3 May 2031". */
	readonly label: string;
	readonly rows: readonly (ActivityRowProps & { readonly id: string })[];
}

export interface TimelineProps {
	readonly groups: readonly TimelineGroup[];
	/** Level of the days' headings. Default 2. */
	readonly headingLevel?: 2 | 3 | undefined;
}

/** What happened, by day, newest first. */
export function Timeline({ groups, headingLevel = 2 }: TimelineProps): ReactElement {
	const Day = `h${headingLevel}` as const;
	return (
		<div className="hf-timeline">
			{groups.map((group) => (
				<section key={group.id} className="hf-timeline__group">
					<Day className="hf-timeline__day">{group.label}</Day>
					<ul className="hf-timeline__rows hf-list-reset">
						{group.rows.map(({ id, ...row }) => (
							<li key={id}>
								<ActivityRow {...row} />
							</li>
						))}
					</ul>
				</section>
			))}
		</div>
	);
}
