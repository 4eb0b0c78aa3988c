import { Reconnecting } from '@/api/socket'
import type { PlayFrame } from '@/api/types'
import type { Drawing } from './drawing'
import type { Facts, Playable } from './facts'
import { factsIn, looksIn } from './files'
import type { Ask, Told } from './messages'
import type { Runner } from './runner'

const LONGEST_WAIT_MS = 1000
const SAID_EVERY = 5 // frames; the server leaves frames out for who says nothing

/** Robots that the server runs. Where it is away for a while, they go on from where they were.
 *
 * While nobody sees the page they rest, so that the server is there for others.
 */
export class ServerRunner implements Runner {
  private socket: Reconnecting | null = null
  private looks: { facts: Facts[]; drawing: Drawing; numbers: ArrayBuffer } | null = null
  private shown = false
  private memory: PlayFrame['memory'] = null
  private frames = 0
  private closed = false

  constructor(
    private readonly policies: readonly Playable[],
    private readonly tell: (told: Told) => void,
  ) {
    document.addEventListener('visibilitychange', this.look)
    this.load().then(this.look, (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      if (!this.closed) tell({ kind: 'failed', message })
    })
  }

  ask(what: Ask): boolean {
    return this.socket?.send(what) ?? false
  }

  close(): void {
    this.closed = true
    this.socket?.close()
    document.removeEventListener('visibilitychange', this.look)
  }

  private async load(): Promise<void> {
    const [facts, [drawing, numbers]] = await Promise.all([
      Promise.all(this.policies.map(({ files }) => factsIn(files))),
      looksIn(this.policies[0]?.files ?? ''),
    ])
    this.looks = { facts, drawing, numbers }
  }

  /** Connected as long as somebody sees the page. */
  private readonly look = (): void => {
    if (this.closed || !this.looks) return
    if (document.hidden) {
      this.socket?.close()
      this.socket = null
    } else {
      this.socket ??= this.connected()
    }
  }

  private connected(): Reconnecting {
    const socket: Reconnecting = new Reconnecting(
      addressOf(this.policies),
      {
        onOpen: () => {
          if (this.memory) socket.send({ kind: 'resume', robots: this.memory })
          this.memory = null // one that a server cannot take is sent once
          this.tell({ kind: 'begun' })
        },
        onConnection: (connection, reason = '') => {
          if (connection === 'closed') this.tell({ kind: 'failed', message: reason })
          else this.tell({ kind: 'connection', connection, reason })
        },
        onMessage: ({ data }) => this.take(data, socket),
      },
      LONGEST_WAIT_MS,
    )
    return socket
  }

  private take(data: ArrayBuffer, socket: Reconnecting): void {
    const { number, frame, poses } = unpacked(data)
    this.frames++
    if (this.frames % SAID_EVERY === 0) socket.send({ kind: 'seen', frame: number })
    this.memory = frame.memory ?? this.memory
    if (this.looks && !this.shown) {
      this.shown = true
      this.tell({ kind: 'loaded', ...this.looks, poses })
    }
    const { heard, load, robots } = frame
    this.tell({ kind: 'moved', poses, heard, load, robots, tried: null })
  }
}

function addressOf([first, ...others]: readonly Playable[]): string {
  const url = new URL(`${first?.model}/live`, location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  for (const { model } of others) url.searchParams.append('with', model?.split('/').at(-1) ?? '')
  return url.href
}

/** A message of the server: the frame's number, JSON and poses; `PlayFrame` says how. */
export function unpacked(data: ArrayBuffer): {
  number: number
  frame: PlayFrame
  poses: Float32Array
} {
  const view = new DataView(data)
  const [number, size] = [view.getUint32(0, true), view.getUint32(4, true)]
  const text = new TextDecoder().decode(new Uint8Array(data, 8, size))
  return { number, frame: JSON.parse(text), poses: new Float32Array(data, 8 + size) }
}
