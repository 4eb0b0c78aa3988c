import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const TABRL = process.env.TABRL ?? new URL('../../.venv/bin/tabrl', import.meta.url).pathname

/** A studio with a home of its own, as `tabrl serve` starts it. */
export class Studio {
  url = ''
  said = ''
  private process: ChildProcess | undefined
  readonly home = mkdtempSync(join(tmpdir(), 'tabrl-e2e-'))

  constructor(
    private readonly options: string[] = [],
    readonly env: Record<string, string> = {},
  ) {}

  /** Start it; again on the same port, if it ran before. `said` is what it printed. */
  async start(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0'
    const started = spawn(TABRL, ['serve', '--port', port, ...this.options], {
      env: { ...process.env, ...this.env, TABRL_HOME: this.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.process = started
    this.url = await new Promise((resolve, reject) => {
      this.said = ''
      started.stdout?.on('data', (chunk) => {
        this.said += chunk
        const url = /http:\/\/\S+/.exec(this.said)?.[0]
        if (url) resolve(url.replace(/\/$/, ''))
      })
      started.on('exit', (code) =>
        reject(new Error(`tabrl serve ended with ${code}: ${this.said}`)),
      )
    })
    await this.answering()
  }

  /** Keep experiments in its home, before it starts: `experiments.py` says which there are. */
  seed(...counts: string[]): void {
    const script = new URL('experiments.py', import.meta.url).pathname
    execFileSync(join(dirname(TABRL), 'python'), [script, this.home, ...counts])
  }

  /** End it as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** End it and forget what it kept. */
  async stop(): Promise<void> {
    await this.end('SIGTERM')
    rmSync(this.home, { recursive: true, force: true })
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.process
    if (!ending || ending.exitCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await ended
  }

  private async answering(): Promise<void> {
    for (let tries = 0; tries < 120; tries++) {
      const answer = await fetch(`${this.url}/api/health`).catch(() => null)
      if (answer?.ok) return
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    throw new Error('tabrl serve does not answer')
  }
}
