import type { CallOutput } from '@holdfast/contract';
import { Meter, PasswordField, Stack } from '@holdfast/ui';
import { type ReactElement, useEffect, useState } from 'react';
import { call } from './bridge.dom.ts';

const STRENGTHS = ['Very weak', 'Weak', 'Fair', 'Strong', 'Very strong'] as const;
/** How long typing has to rest before the passphrase is assessed, in milliseconds. */
const REST = 250;

type Assessment = CallOutput<'vault.assessPassphrase'>;

export interface NewPassphrase {
	readonly fields: ReactElement;
	readonly value: string;
	/** Long enough to guess at, and typed twice alike. */
	readonly isReady: boolean;
	/** Lets go of what was typed. */
	readonly clear: () => void;
}

const levelOf = (score: number): 0 | 1 | 2 | 3 | 4 => (score >= 4 ? 4 : score >= 3 ? 3 : score >= 2 ? 2 : score >= 1 ? 1 : 0);

/** Two fields for a passphrase that is being chosen, with its strength as the vault sees it. */
export function useNewPassphrase(options: { readonly autoFocus?: boolean } = {}): NewPassphrase {
	const [value, setValue] = useState('');
	const [repeat, setRepeat] = useState('');
	const [assessment, setAssessment] = useState<Assessment>();
	const [isRepeatLeft, setRepeatLeft] = useState(false);

	useEffect(() => {
		setAssessment(undefined);
		if (value === '') return undefined;
		let isCurrent = true;
		const timer = setTimeout(() => {
			void call('vault.assessPassphrase', { passphrase: value }).then((result) => {
				if (isCurrent && result.ok) setAssessment(result.value);
			});
		}, REST);
		return () => {
			isCurrent = false;
			clearTimeout(timer);
		};
	}, [value]);

	const differs = isRepeatLeft && repeat !== '' && repeat !== value;
	const fields = (
		<Stack gap={4}>
			<PasswordField
				label="New passphrase"
				description="Several unrelated words work well. It is the only way to open the wallet on this computer."
				value={value}
				onChange={setValue}
				autoFocus={options.autoFocus}
				maxLength={1024}
			/>
			<div className="app-strength">
				<Meter
					label="Strength"
					level={assessment ? levelOf(assessment.score) : 0}
					valueLabel={assessment ? (STRENGTHS[levelOf(assessment.score)] ?? '') : value === '' ? '' : 'Looking…'}
				/>
				<p className="app-strength__advice" role="status">
					{assessment?.advice}
				</p>
			</div>
			<PasswordField
				label="Repeat passphrase"
				value={repeat}
				onChange={(text) => {
					setRepeatLeft(false);
					setRepeat(text);
				}}
				onBlur={() => setRepeatLeft(true)}
				maxLength={1024}
				error={differs ? 'The two are not the same. Type the passphrase again.' : undefined}
			/>
		</Stack>
	);
	const clear = () => {
		setValue('');
		setRepeat('');
	};
	return { fields, value, isReady: assessment?.acceptable === true && repeat === value, clear };
}
