import { Banner, Button } from '@holdfast/ui';
import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
	readonly children: ReactNode;
}

/** A screen that breaks does not take the others with it. What broke is not shown: it may hold input. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly broken: boolean }> {
	override state = { broken: false };

	static getDerivedStateFromError(): { readonly broken: boolean } {
		return { broken: true };
	}

	override render(): ReactNode {
		if (!this.state.broken) return this.props.children;
		return (
			<Banner
				tone="negative"
				role="alert"
				title="This screen stopped working"
				actions={<Button onPress={() => this.setState({ broken: false })}>Try again</Button>}
			>
				Nothing was sent or signed by it, and your documents are untouched. Try again, or go to another screen.
			</Banner>
		);
	}
}
