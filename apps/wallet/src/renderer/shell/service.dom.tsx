import type { ServiceStatus } from '@holdfast/contract';
import { Badge, Banner, Button, Disclosure, IconServer, Inline, KeyValueList, Panel, Select, Stack, Text, TextField } from '@holdfast/ui';
import { type ReactElement, useState } from 'react';
import { type Query, useAction, useQuery } from './calls.dom.ts';
import { copyText } from './copy.dom.tsx';
import { Loaded, Problem } from './feedback.dom.tsx';

type Kind = ServiceStatus['kind'];

const WORDS: { readonly [kind in Kind]: { readonly name: string; readonly off: string; readonly on: string } } = {
	issuer: {
		name: 'Issuing service',
		off: 'The service is off, so nobody can collect a document. While it runs, wallets that can reach this computer fetch what you offer them. It answers nothing else.',
		on: 'Wallets that can reach this address can collect the documents you offer.',
	},
	verifier: {
		name: 'Verifying service',
		off: 'The service is off, so nobody can answer. While it runs, wallets that can reach this computer fetch your requests and answer them. It answers nothing else.',
		on: 'Wallets that can reach this address can answer your requests.',
	},
};

/** The state of one service; undefined while it is being read. */
export function useService(kind: Kind): { readonly query: Query<ServiceStatus[]>; readonly status: ServiceStatus | undefined } {
	const query = useQuery('services.status', {}, ['services']);
	return { query, status: query.status === 'ready' ? query.value.find((each) => each.kind === kind) : undefined };
}

function StartForm({ kind, onStarted }: { readonly kind: Kind; readonly onStarted: () => void }): ReactElement {
	const interfaces = useQuery('services.interfaces', {});
	const start = useAction('services.start');
	const [host, setHost] = useState<string>();
	const [port, setPort] = useState('');
	const [publicUrl, setPublicUrl] = useState('');
	const portNumber = port.trim() === '' ? 0 : Number(port);
	const isPort = Number.isInteger(portNumber) && portNumber >= 0 && portNumber <= 65_535;
	return (
		<Loaded query={interfaces} what="the network interfaces">
			{(list) => {
				const chosen = host ?? list[0]?.host;
				return (
					<Stack gap={4}>
						<Select
							label="Reachable from"
							description="Choose the smallest circle that the other wallet is in."
							options={list.map((each) => ({ value: each.host, label: each.label, description: each.host }))}
							value={chosen}
							onChange={setHost}
						/>
						<Disclosure label="Port and public address">
							<Stack gap={4}>
								<TextField
									label="Port"
									isOptional
									description="Empty: any free port."
									value={port}
									onChange={setPort}
									inputMode="numeric"
									error={isPort ? undefined : 'A port is a whole number up to 65535.'}
								/>
								<TextField
									label="Public address"
									isOptional
									description="If a web server or tunnel in front of this computer passes requests on, its https address."
									value={publicUrl}
									onChange={setPublicUrl}
									type="url"
									placeholder="https://"
									isMono
								/>
							</Stack>
						</Disclosure>
						<Problem title="The service did not start" error={start.error} />
						<Inline justify="end">
							<Button
								isPending={start.pending}
								pendingLabel="Starting…"
								isDisabled={chosen === undefined || !isPort}
								icon={IconServer}
								onPress={() => {
									if (chosen === undefined) return;
									void start.run({ kind, host: chosen, port: portNumber, publicUrl: publicUrl.trim() === '' ? null : publicUrl.trim() }).then((result) => {
										if (result.ok) onStarted();
									});
								}}
							>
								Start service
							</Button>
						</Inline>
					</Stack>
				);
			}}
		</Loaded>
	);
}

/** Whether others can reach the issuer or the verifier, and the switch for it. Off until somebody starts it. */
export function ServicePanel({ kind }: { readonly kind: Kind }): ReactElement {
	const { query } = useService(kind);
	const stop = useAction('services.stop');
	const words = WORDS[kind];
	return (
		<Loaded query={query} what="the service's state">
			{(all) => {
				const status = all.find((each) => each.kind === kind);
				if (status?.running !== true) {
					return (
						<Banner tone="neutral" icon={IconServer} title={`${words.name}: off`}>
							<Stack gap={4}>
								<p>{words.off}</p>
								<Disclosure label="Start the service">
									<StartForm kind={kind} onStarted={query.reload} />
								</Disclosure>
							</Stack>
						</Banner>
					);
				}
				return (
					<Panel>
						<Stack gap={3}>
							<Inline justify="between">
								<Inline>
									<strong>{words.name}</strong>
									<Badge tone="positive">On</Badge>
								</Inline>
								<Button
									size="small"
									isPending={stop.pending}
									onPress={() =>
										void stop.run({ kind }).then((result) => {
											if (result.ok) query.reload();
										})
									}
								>
									Stop service
								</Button>
							</Inline>
							<Text size="sm" tone="muted">
								{words.on}
							</Text>
							<KeyValueList
								items={[
									{
										id: 'url',
										label: 'Address',
										value: status.publicUrl ?? status.url ?? `${status.host}:${status.port}`,
										kind: 'mono',
										onCopy: () => copyText(status.publicUrl ?? status.url ?? ''),
									},
								]}
							/>
							<Problem title="The service did not stop" error={stop.error} />
						</Stack>
					</Panel>
				);
			}}
		</Loaded>
	);
}
