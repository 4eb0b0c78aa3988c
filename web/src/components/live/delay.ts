/** How long it takes from what a person does to a picture that takes account of it. */
export class Delay {
  private asked = 0
  private waiting: { number: number; since: number }[] = []
  /** The last one, ms; null until something was asked. */
  last: number | null = null

  ask(now: number): void {
    this.asked++
    this.waiting.push({ number: this.asked, since: now })
  }

  /** The poses that came now take account of so many asks. */
  hear(heard: number, now: number): void {
    while (this.waiting[0] && this.waiting[0].number <= heard) {
      this.last = now - this.waiting[0].since
      this.waiting.shift()
    }
  }

  /** Whoever runs the robots begins to count anew. */
  begin(): void {
    this.asked = 0
    this.waiting = []
  }
}
