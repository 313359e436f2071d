import type { TextBlock } from '@holdfast/contract';
import { Link } from '@holdfast/ui';
import { Fragment, type ReactElement } from 'react';
import { call } from '../../../shell/bridge.dom.ts';

const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

function Parts({ parts }: { readonly parts: TextBlock['parts'] }): ReactElement {
	return (
		<>
			{parts.map(({ text, strong, url }, index) => {
				const words = strong ? <strong>{text}</strong> : text;
				return (
					// biome-ignore lint/suspicious/noArrayIndexKey: a text does not change
					<Fragment key={index}>
						{url === null ? (
							words
						) : (
							<>
								<Link isExternal onNavigate={() => void call('app.openExternal', { url })}>
									{text}
								</Link>{' '}
								<span className="app-mono">({hostOf(url)})</span>
							</>
						)}
					</Fragment>
				);
			})}
		</>
	);
}

function Block({ kind, parts }: TextBlock): ReactElement {
	switch (kind) {
		case 'quote':
			return (
				<blockquote>
					<Parts parts={parts} />
				</blockquote>
			);
		case 'rule':
			return <hr />;
		default:
			return (
				<p className={CLASSES[kind]}>
					<Parts parts={parts} />
				</p>
			);
	}
}

// Their headings are no headings of this screen: they would mix with ours for whoever navigates by them.
const CLASSES = { heading: 'app-prose__heading', item: 'app-prose__item', code: 'app-mono', paragraph: undefined } as const;

/** A text from outside, as the vault process has read it: no pictures, and each link says where it leads. */
export function Prose({ blocks }: { readonly blocks: readonly TextBlock[] }): ReactElement {
	return (
		<div className="app-prose">
			{blocks.map((block, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a text does not change
				<Block key={index} {...block} />
			))}
		</div>
	);
}
