import { Component, type ErrorInfo } from "react";

interface Props {
  /** What stands in the place of what failed. */
  readonly fallback: (again: () => void, error: unknown) => React.ReactNode;
  readonly children: React.ReactNode;
}

/** Keeps a defect in one part of the page from taking the rest with it. */
export class ErrorBoundary extends Component<Props, { readonly failed: boolean; readonly error?: unknown }> {
  override state: { readonly failed: boolean; readonly error?: unknown } = { failed: false };

  static getDerivedStateFromError(error: unknown) {
    return { failed: true, error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    return this.state.failed ? this.props.fallback(() => this.setState({ failed: false }), this.state.error) : this.props.children;
  }
}
