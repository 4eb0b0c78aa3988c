import type { LiveMessage, Source } from './types'

export type Connection = 'connecting' | 'open' | 'lost' | 'closed'

type Listener<Message> = {
  onMessage: (message: Message) => void
  /** How it is now, and why, where the server said so. */
  onConnection: (connection: Connection, reason?: string) => void
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000
const GONE = new Set([1008, 4404, 4422]) // it is not there, not ours to see, or cannot be had

/** A WebSocket that comes back by itself until it is closed. */
export class Reconnecting {
  private socket: WebSocket | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private wait = FIRST_WAIT_MS
  private ended = false

  constructor(
    private readonly url: string,
    private readonly listener: {
      /** Each time it is there: what it says first. */
      onOpen?: () => void
      onMessage: (event: MessageEvent) => void
      onConnection: Listener<unknown>['onConnection']
    },
    private readonly longestWait = LONGEST_WAIT_MS,
  ) {
    listener.onConnection('connecting')
    this.open()
    window.addEventListener('online', this.wake)
  }

  /** Whether it could be sent. */
  send(message: unknown): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(JSON.stringify(message))
    return true
  }

  close(): void {
    this.ended = true
    clearTimeout(this.timer)
    window.removeEventListener('online', this.wake)
    this.socket?.close()
  }

  private open(): void {
    clearTimeout(this.timer)
    const { onOpen, onMessage, onConnection } = this.listener
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => onOpen?.()
    socket.onmessage = (event) => {
      if (this.ended) return
      this.wait = FIRST_WAIT_MS
      onConnection('open')
      onMessage(event)
    }
    socket.onclose = ({ code, reason }) => {
      if (this.ended) return
      if (GONE.has(code)) return onConnection('closed', reason)
      onConnection('lost', reason)
      this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2))
      this.wait = Math.min(this.wait * 2, this.longestWait)
    }
  }

  private readonly wake = () => {
    if (!this.ended && this.socket?.readyState === WebSocket.CLOSED) this.open()
  }
}

/** Keeps one WebSocket to an experiment open until the returned function is called. */
export function follow(source: Source, listener: Listener<LiveMessage>): () => void {
  const socket = new Reconnecting(address(source), {
    onConnection: listener.onConnection,
    onMessage: (event) => listener.onMessage(JSON.parse(event.data)),
  })
  return () => socket.close()
}

function address({ kind, id }: Source): string {
  const base = location.origin.replace(/^http/, 'ws')
  return `${base}/api/${kind === 'own' ? 'experiments' : 'shared'}/${encodeURIComponent(id)}/live`
}
