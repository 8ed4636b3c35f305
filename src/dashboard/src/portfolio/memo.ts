import { Component, createElement, type ComponentType, type FunctionComponent } from 'preact';

/** A component that draws again only when one of its properties is another value. */
export function memo<P extends object>(view: FunctionComponent<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const old = this.props as Record<string, unknown>;
      const now = next as Record<string, unknown>;
      return Object.keys(now).some(name => now[name] !== old[name]);
    }

    override render() {
      return createElement(view, this.props as P);
    }
  };
}
