import type { Playable } from './facts'
import type { Ask, Told } from './messages'
import { ServerRunner } from './server-runner'

/** Where robots run: in a worker of this page, or on the server. */
export type Place = 'page' | 'server'

/** Robots that run somewhere; what they do is told to who began them. */
export interface Runner {
  /** Whether it was heard: a server may be away. */
  ask(what: Ask): boolean
  close(): void
}

/** Begin to run policies of one robot. */
export function run(
  place: Place,
  policies: readonly Playable[],
  tell: (told: Told) => void,
): Runner {
  return place === 'server' ? new ServerRunner(policies, tell) : new PageRunner(policies, tell)
}

/** Whether a server can run them: a page that was exported has none. */
export const isServed = (policies: readonly Playable[]): boolean =>
  policies.every(({ model }) => model !== undefined)

class PageRunner implements Runner {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })

  constructor(policies: readonly Playable[], tell: (told: Told) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Told>) => tell(data)
    this.worker.onerror = (event) =>
      tell({ kind: 'failed', message: event.message || 'It stopped.' })
    this.ask({ kind: 'load', policies })
  }

  ask(what: Ask): boolean {
    this.worker.postMessage(what)
    return true
  }

  close(): void {
    this.worker.terminate()
  }
}
