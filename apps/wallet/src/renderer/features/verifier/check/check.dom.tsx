import type { Verdict } from '@holdfast/contract';
import { Button, Disclosure, IconRefresh, Inline, Stack, Switch, TextArea, TextField } from '@holdfast/ui';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useAction } from '../../../shell/calls.dom.ts';
import { Problem } from '../../../shell/feedback.dom.tsx';
import { VerdictView } from '../../../shell/verdict.dom.tsx';

/** Checks a document or presentation that came as text. */
export function CheckDocument(): ReactElement {
	const [text, setText] = useState('');
	const [nonce, setNonce] = useState('');
	const [audience, setAudience] = useState('');
	const [takesDelegates, setTakesDelegates] = useState(false);
	const [verdict, setVerdict] = useState<Verdict>();
	const check = useAction('verify.check');
	const run = async (fresh: boolean) => {
		if (text.trim() === '' || check.pending) return;
		setVerdict(undefined);
		const result = await check.run({
			text: text.trim(),
			fresh,
			...(nonce.trim() === '' ? {} : { nonce: nonce.trim() }),
			...(audience.trim() === '' ? {} : { audience: audience.trim() }),
			...(takesDelegates ? { delegates: true } : {}),
		});
		if (result.ok) setVerdict(result.value);
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void run(false);
	};
	return (
		<Stack gap={6}>
			<form className="app-narrow" onSubmit={submit}>
				<Stack gap={4}>
					<TextArea
						label="Document as text"
						description="A credential or presentation (SD-JWT VC, JWT VC), or a proof of owning a token. It is checked here and not kept."
						value={text}
						onChange={setText}
						rows={6}
						isMono
						maxLength={131_072}
					/>
					<Disclosure label="It was made for one request">
						<Stack gap={4}>
							<TextField label="Nonce" isOptional value={nonce} onChange={setNonce} maxLength={512} isMono />
							<TextField label="Audience" isOptional value={audience} onChange={setAudience} maxLength={2048} isMono />
							<Switch
								isSelected={takesDelegates}
								onChange={setTakesDelegates}
								description="For a proof of owning a token: some let another account act for the wallet that has it (delegate.xyz)."
							>
								Accept whoever the owner lets act for it
							</Switch>
						</Stack>
					</Disclosure>
					<Problem title="The document was not checked" error={check.error} />
					<Inline justify="end">
						<Button type="submit" variant="primary" isPending={check.pending} pendingLabel="Checking…" isDisabled={text.trim() === ''}>
							Check document
						</Button>
					</Inline>
				</Stack>
			</form>
			{verdict && (
				<Stack gap={4}>
					<Inline>
						<Button size="small" icon={IconRefresh} isPending={check.pending} onPress={() => void run(true)}>
							Check again with the newest list
						</Button>
					</Inline>
					<VerdictView verdict={verdict} />
				</Stack>
			)}
		</Stack>
	);
}
