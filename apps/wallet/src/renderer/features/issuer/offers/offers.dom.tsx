import type { Offer } from '@holdfast/contract';
import {
	Badge,
	Banner,
	Button,
	ConfirmDialog,
	EmptyState,
	IconIssue,
	Inline,
	KeyValueList,
	Panel,
	QrView,
	SplitView,
	Stack,
	Text,
	type Tone,
	VerdictPanel,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { CopyField } from '../../../shell/copy.dom.tsx';
import { qrMatrix } from '../../../shell/faces.ts';
import { Loaded, Problem } from '../../../shell/feedback.dom.tsx';
import { formatMoment } from '../../../shell/format.ts';
import { paths } from '../../../shell/paths.ts';
import { Screen } from '../../../shell/screen.dom.tsx';
import { useService } from '../../../shell/service.dom.tsx';
import { useFreshTxCode } from '../../../shell/tx-code.dom.tsx';
import { formatName } from '../../../shell/words.ts';

const STATES: { readonly [state in Offer['state']]: { readonly word: string; readonly tone: Tone } } = {
	open: { word: 'Waiting', tone: 'info' },
	redeemed: { word: 'Collected', tone: 'positive' },
	cancelled: { word: 'Cancelled', tone: 'neutral' },
	expired: { word: 'Expired', tone: 'caution' },
};

const OfferState = ({ state }: { readonly state: Offer['state'] }): ReactElement => <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge>;

function useCancel(onCancelled: () => void) {
	const cancel = useAction('issue.cancelOffer');
	const [asking, setAsking] = useState<Offer>();
	const confirm = async () => {
		if (!asking) return;
		const result = await cancel.run({ id: asking.id });
		setAsking(undefined);
		if (result.ok) onCancelled();
	};
	const dialog = (
		<ConfirmDialog
			isOpen={asking !== undefined}
			title="Cancel this offer?"
			confirmLabel="Cancel offer"
			cancelLabel="Keep offer"
			isDanger
			isPending={cancel.pending}
			onConfirm={() => void confirm()}
			onCancel={() => setAsking(undefined)}
		>
			The link stops working. If you need it again, make a new offer.
		</ConfirmDialog>
	);
	return { ask: setAsking, dialog, error: cancel.error };
}

/** Every offer that was made, newest first. */
export function Offers(): ReactElement {
	const [, go] = useLocation();
	const offers = useQuery('issue.offers', {}, ['offers']);
	const cancel = useCancel(offers.reload);
	return (
		<Stack gap={4}>
			<Problem title="The offer was not cancelled" error={cancel.error} />
			<Loaded query={offers} what="your offers">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconIssue} title="No offers yet">
							Choose a kind of document, fill it in, and Holdfast makes an offer that its holder can collect.
						</EmptyState>
					) : (
						<ul className="app-rows hf-list-reset" aria-label="Offers">
							{list.map((offer) => (
								<li key={offer.id} className="app-row">
									<div className="app-row__words">
										<Inline>
											<strong>{offer.typeName}</strong>
											<OfferState state={offer.state} />
										</Inline>
										<Text size="sm" tone="muted">
											{offer.subtitle && `${offer.subtitle}. `}
											{offer.state === 'redeemed' && offer.redeemedAt !== null
												? `Collected ${formatMoment(offer.redeemedAt)}`
												: `Made ${formatMoment(offer.createdAt)}${offer.state === 'open' ? `, open until ${formatMoment(offer.expiresAt)}` : ''}`}
										</Text>
									</div>
									<Inline>
										<Button size="small" onPress={() => go(paths.offer(offer.id))} aria-label={`Show offer: ${offer.typeName}, ${offer.subtitle}`}>
											Show offer
										</Button>
										{offer.state === 'open' && (
											<Button size="small" variant="quiet" onPress={() => cancel.ask(offer)} aria-label={`Cancel offer: ${offer.typeName}, ${offer.subtitle}`}>
												Cancel offer
											</Button>
										)}
									</Inline>
								</li>
							))}
						</ul>
					)
				}
			</Loaded>
			{cancel.dialog}
		</Stack>
	);
}

/** One offer: what to hand over while it is open, and what became of it. */
export function OfferScreen({ id }: { readonly id: string }): ReactElement {
	const [, go] = useLocation();
	const offer = useQuery('issue.offer', { id }, ['offers']);
	return (
		<Screen title="Offer" back={{ label: 'Issue', onNavigate: () => go(paths.issue) }}>
			<Loaded query={offer} what="this offer">
				{(value) => <OfferView offer={value} onChanged={offer.reload} />}
			</Loaded>
		</Screen>
	);
}

function OfferView({ offer, onChanged }: { readonly offer: Offer; readonly onChanged: () => void }): ReactElement {
	const cancel = useCancel(onChanged);
	const { status } = useService('issuer');
	const fresh = useFreshTxCode(offer.id);
	const txCode = offer.txCode ?? fresh;
	if (offer.state !== 'open') {
		return (
			<Stack gap={5}>
				{offer.state === 'redeemed' ? (
					<VerdictPanel
						verdict="passed"
						title="Collected"
						reason={`The holder collected “${offer.typeName}”${offer.redeemedAt === null ? '' : ` on ${formatMoment(offer.redeemedAt)}`}.`}
					/>
				) : (
					<Banner
						tone={offer.state === 'expired' ? 'caution' : 'neutral'}
						title={offer.state === 'expired' ? 'This offer expired' : 'This offer was cancelled'}
						role="status"
					>
						Nobody can collect it any more. Make a new offer if it is still wanted.
					</Banner>
				)}
				<OfferFacts offer={offer} />
			</Stack>
		);
	}
	return (
		<Stack gap={5}>
			{status !== undefined && !status.running && (
				<Banner tone="caution" title="The issuing service is off">
					The offer is kept, but nobody can collect it until you start the service on the Issue screen.
				</Banner>
			)}
			<SplitView
				narrow="start"
				width="20rem"
				start={
					<div className="app-qr">
						<QrView matrix={qrMatrix(offer.qr)} label="QR code of the offer" />
						<Text size="sm" tone="muted">
							Let the holder scan this with their wallet.
						</Text>
					</div>
				}
				end={
					<Stack gap={4}>
						<CopyField label="Offer link" value={offer.uri} description="Whoever has the link can collect the document, so send it only to its holder." />
						{txCode !== null && txCode !== undefined ? (
							<Panel variant="sunken">
								<Stack gap={3}>
									<CopyField
										label="Transaction code"
										value={txCode}
										secret
										description="Tell it to the holder by another way than the link. It is shown only now."
									/>
								</Stack>
							</Panel>
						) : null}
						<p role="status" className="app-wait">
							Waiting for the holder to collect it…
						</p>
						<OfferFacts offer={offer} />
						<Problem title="The offer was not cancelled" error={cancel.error} />
						<Inline justify="end">
							<Button onPress={() => cancel.ask(offer)}>Cancel offer</Button>
						</Inline>
					</Stack>
				}
			/>
			{cancel.dialog}
		</Stack>
	);
}

function OfferFacts({ offer }: { readonly offer: Offer }): ReactElement {
	return (
		<KeyValueList
			items={[
				{ id: 'type', label: 'Document', value: offer.typeName },
				{ id: 'for', label: 'For', value: offer.subtitle || 'Not said' },
				{ id: 'format', label: 'Format', value: formatName(offer.format) },
				{ id: 'issuer', label: 'Issuer', value: offer.issuerDid, kind: 'mono' },
				{ id: 'until', label: 'Open until', value: formatMoment(offer.expiresAt) },
			]}
		/>
	);
}
