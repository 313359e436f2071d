import { type ReactElement, type ReactNode, useState } from 'react';
import {
	Button as AriaButton,
	Checkbox as AriaCheckbox,
	CheckboxGroup as AriaCheckboxGroup,
	Radio as AriaRadio,
	RadioGroup as AriaRadioGroup,
	Select as AriaSelect,
	Switch as AriaSwitch,
	TextArea as AriaTextArea,
	TextField as AriaTextField,
	FieldError,
	Input,
	Label,
	ListBox,
	ListBoxItem,
	Popover,
	SelectValue,
	Text,
} from 'react-aria-components';
import { type Icon, IconAdd, IconCaution, IconCheck, IconExpand, IconHide, IconMinus, IconShow } from '../icons.dom.tsx';
import { isIsoDate, typeIsoDate } from '../iso-date.ts';
import { classes, present } from '../props.ts';
import { IconButton } from './button.dom.tsx';

/** What every field has. */
export interface FieldProps {
	readonly label: string;
	/** A line of help under the field. */
	readonly description?: ReactNode;
	/** What is wrong and what to do; its presence marks the field invalid. */
	readonly error?: string | undefined;
	readonly isDisabled?: boolean | undefined;
	readonly isRequired?: boolean | undefined;
	/** Says "(optional)" beside the label. */
	readonly isOptional?: boolean | undefined;
	readonly name?: string | undefined;
}

/** A field for text. */
export interface TextFieldProps extends FieldProps {
	readonly value: string;
	readonly onChange: (value: string) => void;
	readonly placeholder?: string | undefined;
	readonly isReadOnly?: boolean | undefined;
	readonly autoFocus?: boolean | undefined;
	readonly maxLength?: number | undefined;
	readonly type?: 'text' | 'search' | 'url' | 'email' | undefined;
	readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'url' | 'email' | undefined;
	/** Default `off`: a wallet's fields are nobody's to remember. */
	readonly autoComplete?: string | undefined;
	/** Set in the fixed-width face, for DIDs and codes. */
	readonly isMono?: boolean | undefined;
	readonly onBlur?: (() => void) | undefined;
}

function FieldLabel({ label, isOptional }: Pick<FieldProps, 'label' | 'isOptional'>): ReactElement {
	return (
		<Label className="hf-field__label">
			{label}
			{isOptional && <span className="hf-field__optional"> (optional)</span>}
		</Label>
	);
}

function FieldHelp({ description, error }: Pick<FieldProps, 'description' | 'error'>): ReactElement {
	return (
		<>
			{description && (
				<Text slot="description" className="hf-field__description">
					{description}
				</Text>
			)}
			{error && (
				<FieldError className="hf-field__error">
					<IconCaution className="hf-icon" aria-hidden />
					<span>{error}</span>
				</FieldError>
			)}
		</>
	);
}

function TextFieldFrame(props: TextFieldProps & { readonly children: ReactNode; readonly fieldType?: string }): ReactElement {
	const {
		label,
		description,
		error,
		isOptional,
		children,
		value,
		onChange,
		isDisabled,
		isRequired,
		isReadOnly,
		autoFocus,
		maxLength,
		inputMode,
		name,
		onBlur,
	} = props;
	return (
		<AriaTextField
			className="hf-field"
			value={value}
			onChange={onChange}
			isInvalid={error !== undefined}
			validationBehavior="aria"
			autoComplete={props.autoComplete ?? 'off'}
			spellCheck="false"
			{...present({
				isDisabled,
				isRequired,
				isReadOnly,
				autoFocus,
				maxLength,
				inputMode,
				name,
				type: props.fieldType ?? props.type,
				onBlur: onBlur && (() => onBlur()),
			})}
		>
			<FieldLabel label={label} isOptional={isOptional} />
			{children}
			<FieldHelp description={description} error={error} />
		</AriaTextField>
	);
}

/** One line of text. */
export function TextField(props: TextFieldProps): ReactElement {
	return (
		<TextFieldFrame {...props}>
			<Input className={classes('hf-input', props.isMono && 'hf-input--mono')} {...present({ placeholder: props.placeholder })} />
		</TextFieldFrame>
	);
}

/** A secret: hidden unless asked for, never remembered, never spell-checked. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'inputMode' | 'autoComplete' | 'isMono'>): ReactElement {
	const [isShown, setShown] = useState(false);
	return (
		<TextFieldFrame {...props} fieldType={isShown ? 'text' : 'password'}>
			<div className="hf-affix">
				<Input className="hf-input" autoCapitalize="off" autoCorrect="off" {...present({ placeholder: props.placeholder })} />
				<div className="hf-affix__end">
					<IconButton
						icon={isShown ? IconHide : IconShow}
						label={isShown ? `Hide ${props.label.toLowerCase()}` : `Show ${props.label.toLowerCase()}`}
						isDisabled={props.isDisabled}
						onPress={() => setShown(!isShown)}
					/>
				</div>
			</div>
		</TextFieldFrame>
	);
}

export interface TextAreaProps extends TextFieldProps {
	/** Lines visible at first. Default 4. */
	readonly rows?: number | undefined;
}

/** Several lines of text. */
export function TextArea({ rows = 4, ...props }: TextAreaProps): ReactElement {
	return (
		<TextFieldFrame {...props}>
			<AriaTextArea
				rows={rows}
				className={classes('hf-input hf-input--area', props.isMono && 'hf-input--mono')}
				{...present({ placeholder: props.placeholder })}
			/>
		</TextFieldFrame>
	);
}

export interface NumberFieldProps extends FieldProps {
	/** Undefined: empty. */
	readonly value: number | undefined;
	/** Called with undefined while the text is empty or not a number. */
	readonly onChange: (value: number | undefined) => void;
	readonly min?: number | undefined;
	readonly max?: number | undefined;
	/** Default 1. */
	readonly step?: number | undefined;
	readonly autoFocus?: boolean | undefined;
}

/**
 * A number with steps. Written on a text field: React Aria's own clears its announcer through `innerHTML`,
 * which Trusted Types without a policy refuse.
 */
export function NumberField({
	value,
	onChange,
	min = Number.NEGATIVE_INFINITY,
	max = Number.POSITIVE_INFINITY,
	step = 1,
	...field
}: NumberFieldProps): ReactElement {
	const [draft, setDraft] = useState<string>();
	const text = draft ?? (value === undefined ? '' : String(value));
	const clamp = (number: number) => Math.min(max, Math.max(min, number));
	const stepBy = (direction: 1 | -1) => {
		setDraft(undefined);
		// Rounded to the step's decimals, so that 0.1 + 0.2 reads 0.3.
		const decimals = String(step).split('.')[1]?.length ?? 0;
		onChange(clamp(value === undefined ? (Number.isFinite(min) ? min : 0) : Number((value + direction * step).toFixed(decimals))));
	};
	const type = (typed: string) => {
		setDraft(typed);
		const number = Number(typed.replace(',', '.'));
		onChange(typed.trim() === '' || !Number.isFinite(number) ? undefined : number);
	};
	const settle = () => {
		setDraft(undefined);
		if (value !== undefined && clamp(value) !== value) onChange(clamp(value));
	};
	return (
		<TextFieldFrame {...field} value={text} onChange={type} onBlur={settle} inputMode="decimal">
			<div className="hf-affix hf-affix--wide">
				<Input
					className="hf-input hf-input--numeric"
					onKeyDown={(event) => {
						if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
						event.preventDefault();
						stepBy(event.key === 'ArrowUp' ? 1 : -1);
					}}
				/>
				<div className="hf-affix__end">
					<IconButton
						icon={IconMinus}
						label={`Less: ${field.label}`}
						isDisabled={field.isDisabled || (value !== undefined && value <= min)}
						onPress={() => stepBy(-1)}
					/>
					<IconButton
						icon={IconAdd}
						label={`More: ${field.label}`}
						isDisabled={field.isDisabled || (value !== undefined && value >= max)}
						onPress={() => stepBy(1)}
					/>
				</div>
			</div>
		</TextFieldFrame>
	);
}

export interface DateFieldProps extends Omit<TextFieldProps, 'type' | 'inputMode' | 'isMono' | 'maxLength'> {
	/** Earliest and latest day, `yyyy-mm-dd`. */
	readonly min?: string | undefined;
	readonly max?: string | undefined;
}

/** A calendar day as `yyyy-mm-dd`; dashes come by themselves. `onChange` gets the text as it stands: check it with `isIsoDate`. */
export function DateField({ value, onChange, error, min, max, ...field }: DateFieldProps): ReactElement {
	const [isLeft, setLeft] = useState(false);
	const complaint = (): string | undefined => {
		if (error !== undefined || value === '' || !isLeft) return error;
		if (!isIsoDate(value)) return 'Write the day as year-month-day, such as 1990-04-23.';
		if (min !== undefined && value < min) return `The earliest day here is ${min}.`;
		if (max !== undefined && value > max) return `The latest day here is ${max}.`;
		return undefined;
	};
	return (
		<TextFieldFrame
			{...field}
			value={value}
			onChange={(text) => {
				setLeft(false);
				onChange(text.length > value.length ? typeIsoDate(text) : text);
			}}
			onBlur={() => {
				setLeft(true);
				field.onBlur?.();
			}}
			error={complaint()}
			inputMode="numeric"
			maxLength={10}
		>
			<Input className="hf-input hf-input--numeric" placeholder={field.placeholder ?? 'yyyy-mm-dd'} />
		</TextFieldFrame>
	);
}

/** One of several things to choose. */
export interface Option<T extends string = string> {
	readonly value: T;
	readonly label: string;
	readonly description?: string | undefined;
	readonly icon?: Icon | undefined;
	readonly isDisabled?: boolean | undefined;
}

export interface SelectProps<T extends string = string> extends FieldProps {
	readonly options: readonly Option<T>[];
	/** Undefined: nothing chosen yet. */
	readonly value: T | undefined;
	readonly onChange: (value: T) => void;
	readonly placeholder?: string | undefined;
}

/** One of many, in a list that opens. */
export function Select<T extends string>({
	label,
	description,
	error,
	isOptional,
	options,
	value,
	onChange,
	placeholder = 'Choose…',
	...rest
}: SelectProps<T>): ReactElement {
	return (
		<AriaSelect
			className="hf-field"
			selectedKey={value ?? null}
			onSelectionChange={(key) => {
				const chosen = options.find((option) => option.value === key);
				if (chosen) onChange(chosen.value);
			}}
			placeholder={placeholder}
			isInvalid={error !== undefined}
			validationBehavior="aria"
			{...present(rest)}
		>
			<FieldLabel label={label} isOptional={isOptional} />
			<AriaButton className="hf-input hf-select__button">
				<SelectValue className="hf-select__value" />
				<IconExpand className="hf-icon" aria-hidden />
			</AriaButton>
			<FieldHelp description={description} error={error} />
			<Popover className="hf-popover" offset={4}>
				<ListBox className="hf-options">
					{options.map((option) => (
						<ListBoxItem key={option.value} id={option.value} textValue={option.label} isDisabled={option.isDisabled ?? false} className="hf-option">
							<span className="hf-option__text">
								<Text slot="label">{option.label}</Text>
								{option.description && (
									<Text slot="description" className="hf-option__description">
										{option.description}
									</Text>
								)}
							</span>
							<IconCheck className="hf-icon hf-option__check" aria-hidden />
						</ListBoxItem>
					))}
				</ListBox>
			</Popover>
		</AriaSelect>
	);
}

function ChoiceText({ label, description }: { readonly label: ReactNode; readonly description?: ReactNode }): ReactElement {
	return (
		<span className="hf-choice__text">
			<span className="hf-choice__label">{label}</span>
			{description && <span className="hf-choice__description">{description}</span>}
		</span>
	);
}

export interface CheckboxProps {
	readonly children: ReactNode;
	readonly description?: ReactNode;
	readonly isSelected: boolean;
	readonly onChange: (isSelected: boolean) => void;
	readonly isIndeterminate?: boolean | undefined;
	readonly isDisabled?: boolean | undefined;
	readonly isInvalid?: boolean | undefined;
	readonly isRequired?: boolean | undefined;
}

/** A yes or no that takes effect when the form is sent. */
export function Checkbox({ children, description, isIndeterminate = false, ...rest }: CheckboxProps): ReactElement {
	const { isSelected, onChange, ...optional } = rest;
	return (
		<AriaCheckbox
			className="hf-choice"
			isSelected={isSelected}
			onChange={onChange}
			isIndeterminate={isIndeterminate}
			validationBehavior="aria"
			{...present(optional)}
		>
			<span className="hf-choice__mark">{isIndeterminate ? <IconMinus className="hf-icon" aria-hidden /> : <IconCheck className="hf-icon" aria-hidden />}</span>
			<ChoiceText label={children} description={description} />
		</AriaCheckbox>
	);
}

export interface CheckboxGroupProps<T extends string = string> extends FieldProps {
	readonly options: readonly Option<T>[];
	readonly value: readonly T[];
	readonly onChange: (value: T[]) => void;
	readonly variant?: 'list' | 'cards' | undefined;
}

/** Any of several. */
export function CheckboxGroup<T extends string>({
	label,
	description,
	error,
	isOptional,
	options,
	value,
	onChange,
	variant = 'list',
	...rest
}: CheckboxGroupProps<T>): ReactElement {
	return (
		<AriaCheckboxGroup
			className="hf-field"
			value={[...value]}
			onChange={(chosen) => onChange(options.map((option) => option.value).filter((each) => chosen.includes(each)))}
			isInvalid={error !== undefined}
			validationBehavior="aria"
			{...present(rest)}
		>
			<FieldLabel label={label} isOptional={isOptional} />
			<div className={classes('hf-choices', variant === 'cards' && 'hf-choices--cards')}>
				{options.map(({ icon: Picture, ...option }) => (
					<AriaCheckbox key={option.value} value={option.value} isDisabled={option.isDisabled ?? false} className="hf-choice">
						<span className="hf-choice__mark">
							<IconCheck className="hf-icon" aria-hidden />
						</span>
						<ChoiceText label={option.label} description={option.description} />
						{Picture && <Picture className="hf-icon" aria-hidden />}
					</AriaCheckbox>
				))}
			</div>
			<FieldHelp description={description} error={error} />
		</AriaCheckboxGroup>
	);
}

export interface RadioGroupProps<T extends string = string> extends FieldProps {
	readonly options: readonly Option<T>[];
	/** Undefined: nothing chosen yet. */
	readonly value: T | undefined;
	readonly onChange: (value: T) => void;
	/** `cards`: large choices with descriptions and icons. */
	readonly variant?: 'list' | 'cards' | undefined;
}

/** Exactly one of a few. */
export function RadioGroup<T extends string>({
	label,
	description,
	error,
	isOptional,
	options,
	value,
	onChange,
	variant = 'list',
	...rest
}: RadioGroupProps<T>): ReactElement {
	return (
		<AriaRadioGroup
			className="hf-field"
			value={value ?? null}
			onChange={(key) => {
				const chosen = options.find((option) => option.value === key);
				if (chosen) onChange(chosen.value);
			}}
			isInvalid={error !== undefined}
			validationBehavior="aria"
			{...present(rest)}
		>
			<FieldLabel label={label} isOptional={isOptional} />
			<div className={classes('hf-choices', variant === 'cards' && 'hf-choices--cards')}>
				{options.map(({ icon: Picture, ...option }) => (
					<AriaRadio key={option.value} value={option.value} isDisabled={option.isDisabled ?? false} className="hf-choice">
						<span className="hf-choice__mark hf-choice__mark--round" />
						<ChoiceText label={option.label} description={option.description} />
						{Picture && <Picture className="hf-icon" aria-hidden />}
					</AriaRadio>
				))}
			</div>
			<FieldHelp description={description} error={error} />
		</AriaRadioGroup>
	);
}

export interface SwitchProps {
	readonly children: ReactNode;
	readonly description?: ReactNode;
	readonly isSelected: boolean;
	readonly onChange: (isSelected: boolean) => void;
	readonly isDisabled?: boolean | undefined;
}

/** A setting that takes effect at once. */
export function Switch({ children, description, isSelected, onChange, isDisabled = false }: SwitchProps): ReactElement {
	return (
		<AriaSwitch className="hf-switch" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
			<span className="hf-switch__track" />
			<ChoiceText label={children} description={description} />
		</AriaSwitch>
	);
}
