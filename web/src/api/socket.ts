import type { LiveMessage, Source } from './types'

export type Connection = 'connecting' | 'open' | 'lost' | 'closed'

type Listener = {
  onMessage: (message: LiveMessage) => void
  onConnection: (connection: Connection) => void
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000
const GONE = new Set([1008, 4404]) // there is no such experiment, or it is not ours to see

/** Keeps one WebSocket to an experiment open until the returned function is called. */
export function follow(source: Source, { onMessage, onConnection }: Listener): () => void {
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT_MS
  let ended = false

  function open() {
    clearTimeout(timer)
    socket = new WebSocket(address(source))
    socket.onmessage = (event) => {
      wait = FIRST_WAIT_MS
      onConnection('open')
      onMessage(JSON.parse(event.data))
    }
    socket.onclose = (event) => {
      if (ended) return
      if (GONE.has(event.code)) return onConnection('closed')
      onConnection('lost')
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
  }

  function wake() {
    if (!ended && socket?.readyState === WebSocket.CLOSED) open()
  }

  onConnection('connecting')
  open()
  window.addEventListener('online', wake)
  return () => {
    ended = true
    clearTimeout(timer)
    window.removeEventListener('online', wake)
    socket?.close()
  }
}

function address({ kind, id }: Source): string {
  const base = location.origin.replace(/^http/, 'ws')
  return `${base}/api/${kind === 'own' ? 'experiments' : 'shared'}/${encodeURIComponent(id)}/live`
}
