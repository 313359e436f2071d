import type { Issued, Offer } from '@holdfast/contract';
import {
	Badge,
	Banner,
	Button,
	ConfirmDialog,
	EmptyState,
	IconExport,
	IconIssue,
	Inline,
	KeyValueList,
	Mono,
	Panel,
	QrView,
	Section,
	SplitView,
	Stack,
	Text,
	type Tone,
	useToast,
	VerdictPanel,
} from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { useAction, useQuery } from '../../../shell/calls.dom.ts';
import { CopyField, copyText } from '../../../shell/copy.dom.tsx';
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

/** What was issued, to which key, and what of it was revoked. */
export function IssuedList(): ReactElement {
	const issued = useQuery('issue.issued', {}, ['offers']);
	const revoke = useRevoke(issued.reload);
	return (
		<Stack gap={4}>
			<Problem title="The document was not revoked" error={revoke.error} />
			<Loaded query={issued} what="what you issued">
				{(list) =>
					list.length === 0 ? (
						<EmptyState icon={IconIssue} title="Nothing issued yet">
							What holders collect from you is listed here. Holdfast keeps a line about each document, not the document.
						</EmptyState>
					) : (
						<Stack gap={5}>
							<ul className="app-rows hf-list-reset" aria-label="Issued documents">
								{documentsOf(list).map(({ document, copies }) => (
									<li key={document.id} className="app-row">
										<div className="app-row__words">
											<Inline>
												<strong>{document.typeName}</strong>
												{document.revocation === 'revoked' && <Badge tone="negative">Revoked</Badge>}
											</Inline>
											<Text size="sm" tone="muted">
												{document.subtitle && `${document.subtitle}. `}
												Issued {formatMoment(document.issuedAt)}
												{copies > 1 && ` in ${copies} copies`}
												{document.revokedAt !== null && `, revoked ${formatMoment(document.revokedAt)}`}
												{document.revokedAt === null && document.validUntil !== null && `, valid until ${formatMoment(document.validUntil)}`}
											</Text>
										</div>
										<Inline>
											<Mono label="holder key" onCopy={() => copyText(document.holder)}>
												{document.holder}
											</Mono>
											{document.revocation === 'possible' && (
												<Button
													size="small"
													variant="quiet"
													onPress={() => revoke.ask(document)}
													aria-label={`Revoke: ${document.typeName}, ${document.subtitle}`}
												>
													Revoke
												</Button>
											)}
										</Inline>
									</li>
								))}
							</ul>
							{list.some((each) => each.revocation !== 'none') && <PublishRevocations />}
						</Stack>
					)
				}
			</Loaded>
			{revoke.dialog}
		</Stack>
	);
}

/** The copies of one offer as one document: they are revoked together. */
function documentsOf(list: readonly Issued[]): { readonly document: Issued; readonly copies: number }[] {
	const first = list.filter((each, index) => each.offerId === null || list.findIndex(({ offerId }) => offerId === each.offerId) === index);
	return first.map((document) => ({ document, copies: document.offerId === null ? 1 : list.filter(({ offerId }) => offerId === document.offerId).length }));
}

function useRevoke(onRevoked: () => void) {
	const revoke = useAction('issue.revoke');
	const toast = useToast();
	const [asking, setAsking] = useState<Issued>();
	const confirm = async () => {
		if (!asking) return;
		const result = await revoke.run({ id: asking.id });
		setAsking(undefined);
		if (!result.ok) return;
		toast({ title: 'Document revoked', description: 'It is on your list of revoked documents now.', tone: 'positive' });
		onRevoked();
	};
	const dialog = (
		<ConfirmDialog
			isOpen={asking !== undefined}
			title="Revoke this document?"
			confirmLabel="Revoke for good"
			cancelLabel="Keep it valid"
			isDanger
			isPending={revoke.pending}
			onConfirm={() => void confirm()}
			onCancel={() => setAsking(undefined)}
		>
			{asking && `“${asking.typeName}”${asking.subtitle ? ` for ${asking.subtitle}` : ''}, with all its copies. `}
			Whoever looks into your lists, or asks for a proof that it is not revoked, refuses it from now on. This cannot be taken back: issue a new document
			instead.
		</ConfirmDialog>
	);
	return { ask: setAsking, dialog, error: revoke.error };
}

function PublishRevocations(): ReactElement {
	const publish = useAction('issue.publishRevocations');
	const toast = useToast();
	const write = async () => {
		const result = await publish.run({});
		if (result.ok && result.value.path !== null) toast({ title: 'List written', description: result.value.path, tone: 'positive' });
	};
	return (
		<Section
			title="List of revoked documents"
			description="Wallets fetch it from your issuing service, while that runs. If a website stands at your issuing address instead, write the signed list into its folder: after every revocation, and at least once a day, because verifiers refuse old lists."
			actions={
				<Button size="small" icon={IconExport} isPending={publish.pending} onPress={() => void write()}>
					Write to a folder…
				</Button>
			}
		>
			<Problem title="The list was not written" error={publish.error} />
		</Section>
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
