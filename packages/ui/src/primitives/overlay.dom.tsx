import { createContext, type ReactElement, type ReactNode, use, useState } from 'react';
import {
	Button as AriaButton,
	Dialog as AriaDialog,
	Disclosure as AriaDisclosure,
	Menu as AriaMenu,
	MenuItem as AriaMenuItem,
	Tab as AriaTab,
	TabList as AriaTabList,
	TabPanel as AriaTabPanel,
	Tabs as AriaTabs,
	UNSTABLE_Toast as AriaToast,
	UNSTABLE_ToastContent as AriaToastContent,
	UNSTABLE_ToastQueue as AriaToastQueue,
	UNSTABLE_ToastRegion as AriaToastRegion,
	DisclosurePanel,
	Heading,
	type Key,
	MenuTrigger,
	Modal,
	ModalOverlay,
	Popover,
	Text,
} from 'react-aria-components';
import { type Icon, IconClose, IconDisclose, IconExpand, IconInfo, IconMore, IconNegative, IconPositive, IconWarning } from '../icons.dom.tsx';
import { classes, type Tone } from '../props.ts';
import { Button, type ButtonProps, IconButton } from './button.dom.tsx';

export interface DialogProps {
	readonly isOpen: boolean;
	readonly onClose: () => void;
	readonly title: string;
	readonly children: ReactNode;
	/** Buttons at the foot; the primary one last. */
	readonly actions?: ReactNode;
	readonly size?: 'small' | 'medium' | 'large' | undefined;
	/** Whether Escape, the close button and a press outside close it. Default true. */
	readonly isDismissable?: boolean | undefined;
	/** `alertdialog` for a decision that must not be missed. */
	readonly role?: 'dialog' | 'alertdialog' | undefined;
}

/** A modal dialog: focus stays inside and returns to where it was. */
export function Dialog({ isOpen, onClose, title, children, actions, size = 'medium', isDismissable = true, role = 'dialog' }: DialogProps): ReactElement {
	return (
		<ModalOverlay
			className="hf-scrim"
			isOpen={isOpen}
			onOpenChange={(open) => {
				if (!open) onClose();
			}}
			isDismissable={isDismissable && role === 'dialog'}
			isKeyboardDismissDisabled={!isDismissable}
		>
			<Modal className={classes('hf-modal', size !== 'medium' && `hf-modal--${size}`)}>
				<AriaDialog className="hf-dialog" role={role}>
					<div className="hf-dialog__head">
						<Heading slot="title" className="hf-dialog__title">
							{title}
						</Heading>
						{isDismissable && role === 'dialog' && <IconButton icon={IconClose} label="Close" size="small" onPress={onClose} />}
					</div>
					<div className="hf-dialog__body">{children}</div>
					{actions && <div className="hf-dialog__foot">{actions}</div>}
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}

export interface ConfirmDialogProps {
	readonly isOpen: boolean;
	/** The question, as a sentence: "Delete this document?" */
	readonly title: string;
	/** What happens then, and whether it can be undone. */
	readonly children: ReactNode;
	/** The action's verb: "Delete document". */
	readonly confirmLabel: string;
	readonly cancelLabel?: string | undefined;
	readonly isDanger?: boolean | undefined;
	readonly isPending?: boolean | undefined;
	readonly pendingLabel?: string | undefined;
	readonly isConfirmDisabled?: boolean | undefined;
	readonly onConfirm: () => void;
	readonly onCancel: () => void;
}

/** A question before something that matters. Escape cancels; focus starts on "cancel" where the action destroys. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactElement {
	const {
		isOpen,
		title,
		children,
		confirmLabel,
		cancelLabel = 'Cancel',
		isDanger = false,
		isPending,
		pendingLabel,
		isConfirmDisabled,
		onConfirm,
		onCancel,
	} = props;
	return (
		<Dialog
			isOpen={isOpen}
			onClose={onCancel}
			title={title}
			role="alertdialog"
			size="small"
			actions={
				<>
					<Button onPress={onCancel} autoFocus={isDanger}>
						{cancelLabel}
					</Button>
					<Button
						variant={isDanger ? 'danger' : 'primary'}
						onPress={onConfirm}
						autoFocus={!isDanger}
						isPending={isPending}
						pendingLabel={pendingLabel}
						isDisabled={isConfirmDisabled}
					>
						{confirmLabel}
					</Button>
				</>
			}
		>
			{children}
		</Dialog>
	);
}

export interface MenuAction {
	readonly id: string;
	readonly label: string;
	readonly description?: string | undefined;
	readonly icon?: Icon | undefined;
	readonly isDanger?: boolean | undefined;
	readonly isDisabled?: boolean | undefined;
}

export interface MenuProps {
	/** The trigger's words, or its name when `isIconOnly`. */
	readonly label: string;
	readonly items: readonly MenuAction[];
	readonly onAction: (id: string) => void;
	/** A three-dot button instead of words. */
	readonly isIconOnly?: boolean | undefined;
	readonly icon?: Icon | undefined;
	readonly variant?: ButtonProps['variant'];
	readonly isDisabled?: boolean | undefined;
}

/** A button that opens a list of actions. */
export function Menu({ label, items, onAction, isIconOnly = false, icon, variant, isDisabled }: MenuProps): ReactElement {
	const Picture = icon ?? IconMore;
	return (
		<MenuTrigger>
			{isIconOnly ? (
				<AriaButton className="hf-icon-button" aria-label={label} isDisabled={isDisabled ?? false}>
					<Picture className="hf-icon" aria-hidden />
				</AriaButton>
			) : (
				<Button variant={variant} icon={icon} iconEnd={IconExpand} isDisabled={isDisabled}>
					{label}
				</Button>
			)}
			<Popover className="hf-popover" placement={isIconOnly ? 'bottom end' : 'bottom start'} offset={4}>
				<AriaMenu className="hf-options" onAction={(key: Key) => onAction(String(key))}>
					{items.map(({ icon: ItemIcon, ...item }) => (
						<AriaMenuItem
							key={item.id}
							id={item.id}
							textValue={item.label}
							isDisabled={item.isDisabled ?? false}
							className={classes('hf-option', item.isDanger && 'hf-option--danger')}
						>
							{ItemIcon && <ItemIcon className="hf-icon" aria-hidden />}
							<span className="hf-option__text">
								<Text slot="label">{item.label}</Text>
								{item.description && (
									<Text slot="description" className="hf-option__description">
										{item.description}
									</Text>
								)}
							</span>
						</AriaMenuItem>
					))}
				</AriaMenu>
			</Popover>
		</MenuTrigger>
	);
}

export interface TabItem<T extends string = string> {
	readonly id: T;
	readonly label: string;
	readonly content: ReactNode;
	/** A number beside the label. */
	readonly count?: number | undefined;
	readonly isDisabled?: boolean | undefined;
}

export interface TabsProps<T extends string = string> {
	/** Names the list of tabs for assistive technology. */
	readonly label: string;
	readonly items: readonly TabItem<T>[];
	/** Controlled: the tab shown. Without it the first one shows first. */
	readonly selected?: T | undefined;
	readonly onSelect?: ((id: T) => void) | undefined;
}

/** Several views of one thing, one at a time. */
export function Tabs<T extends string>({ label, items, selected, onSelect }: TabsProps<T>): ReactElement {
	return (
		<AriaTabs
			className="hf-tabs"
			{...(selected === undefined ? {} : { selectedKey: selected })}
			onSelectionChange={(key) => {
				const chosen = items.find((item) => item.id === key);
				if (chosen) onSelect?.(chosen.id);
			}}
		>
			<AriaTabList aria-label={label} className="hf-tabs__list">
				{items.map((item) => (
					<AriaTab key={item.id} id={item.id} isDisabled={item.isDisabled ?? false} className="hf-tab">
						{item.label}
						{item.count !== undefined && <span className="hf-count">{item.count}</span>}
					</AriaTab>
				))}
			</AriaTabList>
			{items.map((item) => (
				<AriaTabPanel key={item.id} id={item.id} className="hf-tabs__panel">
					{item.content}
				</AriaTabPanel>
			))}
		</AriaTabs>
	);
}

export interface DisclosureProps {
	/** Default "Details". */
	readonly label?: string | undefined;
	readonly children: ReactNode;
	readonly isOpenAtFirst?: boolean | undefined;
}

/** Detail on demand. */
export function Disclosure({ label = 'Details', children, isOpenAtFirst = false }: DisclosureProps): ReactElement {
	return (
		<AriaDisclosure className="hf-disclosure" defaultExpanded={isOpenAtFirst}>
			<AriaButton slot="trigger" className="hf-disclosure__trigger">
				<IconDisclose className="hf-icon" aria-hidden />
				{label}
			</AriaButton>
			<DisclosurePanel className="hf-disclosure__panel">{children}</DisclosurePanel>
		</AriaDisclosure>
	);
}

/** A message that passes. */
export interface ToastMessage {
	readonly title: string;
	readonly description?: string | undefined;
	readonly tone?: Exclude<Tone, 'neutral'> | undefined;
	/** One way back: "Undo". */
	readonly action?: { readonly label: string; readonly onPress: () => void } | undefined;
}

/** Shows a message; returns how to take it back. */
export type ShowToast = (message: ToastMessage) => () => void;

const ToastContext = createContext<ShowToast | undefined>(undefined);

const TOAST_ICONS = { info: IconInfo, positive: IconPositive, caution: IconWarning, negative: IconNegative } as const;
/** Milliseconds; hover and focus stop the clock. What carries an action stays longer, refusals stay until closed. */
const SHORT_TOAST = 6_000;
const ACTION_TOAST = 12_000;

/** Gives `useToast` to what is inside and shows the messages in a corner, reachable with F6. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactElement {
	const [queue] = useState(() => new AriaToastQueue<ToastMessage>({ maxVisibleToasts: 3 }));
	const [show] = useState<ShowToast>(() => (message: ToastMessage) => {
		const key = queue.add(message, message.tone === 'negative' ? {} : { timeout: message.action ? ACTION_TOAST : SHORT_TOAST });
		return () => queue.close(key);
	});
	return (
		<ToastContext value={show}>
			{children}
			<AriaToastRegion queue={queue} className="hf-toasts">
				{({ toast }) => {
					const { title, description, tone = 'info', action } = toast.content;
					const Picture = TOAST_ICONS[tone];
					return (
						<AriaToast toast={toast} className={classes('hf-toast', `hf-tone--${tone}`)}>
							<Picture className="hf-icon hf-tone-ink" aria-hidden />
							<AriaToastContent className="hf-toast__content">
								<Text slot="title" className="hf-toast__title">
									{title}
								</Text>
								{description && (
									<Text slot="description" className="hf-toast__description">
										{description}
									</Text>
								)}
							</AriaToastContent>
							{action && (
								<Button
									variant="quiet"
									size="small"
									onPress={() => {
										queue.close(toast.key);
										action.onPress();
									}}
								>
									{action.label}
								</Button>
							)}
							<AriaButton slot="close" className="hf-icon-button hf-icon-button--small" aria-label="Close message">
								<IconClose className="hf-icon" aria-hidden />
							</AriaButton>
						</AriaToast>
					);
				}}
			</AriaToastRegion>
		</ToastContext>
	);
}

/** Shows passing messages. Only inside `ToastProvider`. */
export function useToast(): ShowToast {
	const show = use(ToastContext);
	if (!show) throw new Error('useToast needs a ToastProvider around it.');
	return show;
}
