import { Component, type ReactNode } from 'react'
import { Button } from './button'
import { Notice } from './notice'

type Props = { name: string; children: ReactNode }

/** Holds a panel's failure inside the panel. */
export class Boundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <Notice tone="fail" title={`${this.props.name} could not be shown`} detail={error.message}>
        <Button size="small" icon="retry" onClick={() => this.setState({ error: null })}>
          Try again
        </Button>
      </Notice>
    )
  }
}
