import type { ReportNode, ReportResult } from '@holdfast/kernel';
import { type ReactElement, useId, useState } from 'react';
import { type Icon, IconDisclose, IconNegative, IconPositive, IconSkipped, IconWarning } from '../icons.dom.tsx';
import { Disclosure } from '../primitives/overlay.dom.tsx';
import { classes, type Tone } from '../props.ts';

const RESULTS: { readonly [result in ReportResult]: { readonly word: string; readonly tone: Tone; readonly icon: Icon } } = {
	passed: { word: 'Passed', tone: 'positive', icon: IconPositive },
	warning: { word: 'Caution', tone: 'caution', icon: IconWarning },
	failed: { word: 'Failed', tone: 'negative', icon: IconNegative },
	skipped: { word: 'Not checked', tone: 'neutral', icon: IconSkipped },
};

function Evidence({ node }: { readonly node: ReportNode }): ReactElement | null {
	const entries = Object.entries(node.evidence ?? {});
	// A group's code is its child's, which shows it.
	const code = node.children ? undefined : node.code;
	if (entries.length === 0 && !code) return null;
	return (
		<Disclosure label="Details">
			<dl className="hf-report__evidence">
				{[...(code ? [['code', code] as const] : []), ...entries].map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
		</Disclosure>
	);
}

function Branch({ node }: { readonly node: ReportNode }): ReactElement {
	const children = node.children ?? [];
	// What failed or warns is open from the start, all the way to the reason.
	const [isOpen, setOpen] = useState(node.result === 'failed' || node.result === 'warning');
	const id = useId();
	const { word, tone, icon: Picture } = RESULTS[node.result];
	const line = (
		<>
			<Picture className="hf-icon hf-tone-ink" aria-hidden />
			<span className="hf-report__title">{node.title}</span>
			<span className="hf-report__result hf-tone-ink">{word}</span>
		</>
	);
	return (
		<li className={classes('hf-report__node', `hf-tone--${tone}`)}>
			{children.length > 0 ? (
				<button type="button" className="hf-report__line hf-report__line--branch" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
					<IconDisclose className="hf-icon hf-report__chevron" aria-hidden />
					{line}
				</button>
			) : (
				<div className="hf-report__line">{line}</div>
			)}
			<div className="hf-report__reason">
				<p>{node.reason}</p>
				<Evidence node={node} />
			</div>
			{children.length > 0 && (
				<ul className="hf-report__children hf-list-reset" id={id} hidden={!isOpen}>
					{children.map((child, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a report does not change, and a check may repeat
						<Branch key={`${child.check} ${index}`} node={child} />
					))}
				</ul>
			)}
		</li>
	);
}

export interface ReportTreeProps {
	readonly report: ReportNode;
	/** Names the tree for assistive technology. Default "What was checked". */
	readonly label?: string | undefined;
	/** Leave out the root, whose sentence a VerdictPanel already says. */
	readonly hideRoot?: boolean | undefined;
}

/** Everything that was checked, with results and reasons; failed branches stand open. Nested lists with expandable branches. */
export function ReportTree({ report, label = 'What was checked', hideRoot = false }: ReportTreeProps): ReactElement {
	const roots = hideRoot ? (report.children ?? []) : [report];
	return (
		<ul className="hf-report hf-list-reset" aria-label={label}>
			{roots.map((node, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a report does not change, and a check may repeat
				<Branch key={`${node.check} ${index}`} node={node} />
			))}
		</ul>
	);
}
