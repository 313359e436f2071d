import type { CallOutput, Notice } from '@holdfast/contract';
import { Banner, Button, Inline, Stack } from '@holdfast/ui';
import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { call, listen } from './bridge.dom.ts';
import { useAction, useQuery } from './calls.dom.ts';
import { useHandOver } from './handoff.dom.tsx';
import { paths } from './paths.ts';

function NoticeBanner({ notice, onDismissed }: { readonly notice: Notice; readonly onDismissed: () => void }): ReactElement {
	const [, go] = useLocation();
	const handOver = useHandOver();
	const dismiss = useAction('notices.dismiss');
	const resume = () => {
		handOver({ to: 'receive', kind: 'resume', id: notice.id });
		go(paths.receive);
	};
	return (
		<Banner
			tone="caution"
			title={notice.title}
			actions={
				<>
					{notice.resume && notice.kind === 'interrupted-receive' && (
						<Button size="small" onPress={resume}>
							Resume
						</Button>
					)}
					{notice.kind === 'phrase-unconfirmed' && (
						<Button size="small" onPress={() => go(paths.recoveryPhrase)}>
							Show recovery phrase
						</Button>
					)}
					<Button
						size="small"
						variant="quiet"
						isPending={dismiss.pending}
						onPress={() =>
							void dismiss.run({ id: notice.id }).then((result) => {
								if (result.ok) onDismissed();
							})
						}
					>
						Dismiss
					</Button>
				</>
			}
		>
			{notice.text}
		</Banner>
	);
}

/** What happened while nobody looked. A list that cannot be read stays away: the screens say what is wrong. */
export function Notices(): ReactElement | null {
	const notices = useQuery('notices.list', {}, ['notices']);
	if (notices.status !== 'ready' || notices.value.length === 0) return null;
	return (
		<section aria-label="Notices" className="app-notices">
			<Stack gap={3}>
				{notices.value.map((notice) => (
					<NoticeBanner key={notice.id} notice={notice} onDismissed={notices.reload} />
				))}
			</Stack>
		</section>
	);
}

interface ArrivedLink {
	readonly text: string;
	readonly about: CallOutput<'link.classify'>;
}

/** A link from another program: shown, and followed only when the person says so. */
export function LinkPrompt(): ReactElement {
	const [, go] = useLocation();
	const handOver = useHandOver();
	const [link, setLink] = useState<ArrivedLink>();

	const fetchLink = useCallback(async () => {
		const taken = await call('app.takeLink', {});
		if (!taken.ok || taken.value.text === null) return;
		const { text } = taken.value;
		const about = await call('link.classify', { text });
		setLink({ text, about: about.ok ? about.value : { kind: 'other', words: 'something that Holdfast does not know' } });
	}, []);

	useEffect(() => {
		// A link may have arrived while the wallet was locked.
		void fetchLink();
		return listen('link.arrived', () => void fetchLink());
	}, [fetchLink]);

	const open = () => {
		if (!link) return;
		const to = link.about.kind === 'presentation-request' ? 'present' : 'receive';
		handOver({ to, kind: 'text', text: link.text });
		go(paths[to]);
		setLink(undefined);
	};
	const canOpen = link?.about.kind === 'presentation-request' || link?.about.kind === 'credential-offer' || link?.about.kind === 'credential';
	return (
		<div role="status" aria-label="Link from another program" className="app-link-prompt">
			{link && (
				<Banner
					title={`A link wants to open ${lowerFirst(link.about.words)}`}
					actions={
						<Inline>
							{canOpen && (
								<Button size="small" variant="primary" onPress={open}>
									Review link
								</Button>
							)}
							<Button size="small" variant={canOpen ? 'quiet' : 'secondary'} onPress={() => setLink(undefined)}>
								Ignore link
							</Button>
						</Inline>
					}
				>
					{canOpen
						? 'Another program handed it over. Nothing happens until you review it.'
						: 'Another program handed it over. Holdfast can do nothing with it.'}
				</Banner>
			)}
		</div>
	);
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1).replace(/\.$/, '');
