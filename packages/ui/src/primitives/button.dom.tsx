import type { ReactElement, ReactNode } from 'react';
import { Button as AriaButton, Link as AriaLink, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import { type Icon, IconExternal } from '../icons.dom.tsx';
import { classes, present } from '../props.ts';
import { Spinner } from './feedback.dom.tsx';

export interface ButtonProps {
	readonly children: ReactNode;
	/** `primary` is the one action of a screen; `danger` destroys something. Default `secondary`. */
	readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger' | undefined;
	readonly size?: 'small' | 'medium' | 'large' | undefined;
	/** Stands before the words. */
	readonly icon?: Icon | undefined;
	/** Stands after the words. */
	readonly iconEnd?: Icon | undefined;
	/** Work is under way: the button keeps its focus and ignores presses. */
	readonly isPending?: boolean | undefined;
	/** Words while pending: "Signing…". Default: the button's own words. */
	readonly pendingLabel?: string | undefined;
	readonly isDisabled?: boolean | undefined;
	/** As wide as its container. */
	readonly isWide?: boolean | undefined;
	readonly type?: 'button' | 'submit' | 'reset' | undefined;
	readonly autoFocus?: boolean | undefined;
	readonly onPress?: (() => void) | undefined;
	/** Id of the form that a submit button outside of it belongs to. */
	readonly form?: string | undefined;
	readonly id?: string | undefined;
	readonly 'aria-label'?: string | undefined;
	readonly 'aria-describedby'?: string | undefined;
}

/** A button. While pending it shows a spinner and says what happens. */
export function Button({
	children,
	variant = 'secondary',
	size = 'medium',
	icon: Before,
	iconEnd: After,
	isPending = false,
	pendingLabel,
	isDisabled = false,
	isWide = false,
	type = 'button',
	onPress,
	...rest
}: ButtonProps): ReactElement {
	return (
		<AriaButton
			{...present(rest)}
			{...present({ onPress: onPress && (() => onPress()) })}
			type={type}
			isPending={isPending}
			isDisabled={isDisabled}
			className={classes('hf-button', `hf-button--${variant}`, size !== 'medium' && `hf-button--${size}`, isWide && 'hf-button--wide')}
		>
			{isPending ? <Spinner /> : Before && <Before className="hf-icon" aria-hidden />}
			<span>{isPending && pendingLabel ? pendingLabel : children}</span>
			{After && !isPending && <After className="hf-icon" aria-hidden />}
		</AriaButton>
	);
}

export interface TooltipProps {
	/** The text; a few words. */
	readonly label: string;
	/** A focusable React Aria control: Button, IconButton, Link. */
	readonly children: ReactElement;
	readonly placement?: 'top' | 'bottom' | 'left' | 'right' | undefined;
}

/** Words on hover and focus. Never the only place where something needed is said. */
export function Tooltip({ label, children, placement = 'top' }: TooltipProps): ReactElement {
	return (
		<TooltipTrigger delay={500} closeDelay={80}>
			{children}
			<AriaTooltip className="hf-tooltip" placement={placement} offset={6}>
				{label}
			</AriaTooltip>
		</TooltipTrigger>
	);
}

export interface IconButtonProps {
	readonly icon: Icon;
	/** The accessible name, shown as a tooltip too. */
	readonly label: string;
	readonly size?: 'small' | 'medium' | undefined;
	readonly variant?: 'quiet' | 'outlined' | undefined;
	readonly isDisabled?: boolean | undefined;
	readonly isPressed?: boolean | undefined;
	readonly onPress?: (() => void) | undefined;
	readonly placement?: TooltipProps['placement'];
	/** Only inside a React Aria part that fills a slot (`close` in a dialog). */
	readonly slot?: string | undefined;
}

/** A button that is only a picture, with a name and a tooltip. */
export function IconButton({
	icon: Picture,
	label,
	size = 'medium',
	variant = 'quiet',
	isDisabled = false,
	isPressed,
	onPress,
	placement,
	slot,
}: IconButtonProps): ReactElement {
	return (
		<Tooltip label={label} placement={placement}>
			<AriaButton
				{...present({ onPress: onPress && (() => onPress()), 'aria-pressed': isPressed, slot })}
				aria-label={label}
				isDisabled={isDisabled}
				className={classes('hf-icon-button', size === 'small' && 'hf-icon-button--small', variant === 'outlined' && 'hf-icon-button--outlined')}
			>
				<Picture className="hf-icon" aria-hidden />
			</AriaButton>
		</Tooltip>
	);
}

export interface LinkProps {
	readonly children: ReactNode;
	/** Goes to another screen of the app; there is no href, so nothing can navigate the window. */
	readonly onNavigate: () => void;
	/** The destination is outside the app: shows the mark and says so. */
	readonly isExternal?: boolean | undefined;
}

/** A link inside running text. */
export function Link({ children, onNavigate, isExternal = false }: LinkProps): ReactElement {
	return (
		<AriaLink className="hf-link" onPress={() => onNavigate()}>
			{children}
			{isExternal && <IconExternal className="hf-icon" aria-label="(opens your browser)" role="img" />}
		</AriaLink>
	);
}
