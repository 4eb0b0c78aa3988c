import { FRAME_S } from './clock'

type Shown = { at: number; frame: number } // ms of the display, number in the clip

const KEPT = 16
const BEHIND_MS = 60 // by then the browser has told of all frames of a moment

/** Which frame of each video is on the screen, as the browser's compositor tells. */
export class ShownFrames {
  /** Frames between the first and the last video at the worst moment so far. */
  worst = 0
  private readonly shown = new Map<HTMLVideoElement, Shown[]>()

  /** Watch a video until the returned function is called. */
  add(video: HTMLVideoElement): () => void {
    if (!('requestVideoFrameCallback' in video)) return () => {}
    this.shown.set(video, [])
    let handle = 0
    const note: VideoFrameRequestCallback = (_now, { mediaTime, expectedDisplayTime }) => {
      this.tell(video, { at: expectedDisplayTime, frame: Math.round(mediaTime / FRAME_S) })
      handle = video.requestVideoFrameCallback(note)
    }
    handle = video.requestVideoFrameCallback(note)
    return () => {
      video.cancelVideoFrameCallback(handle)
      this.shown.delete(video)
    }
  }

  /** Remember a frame; from `at`, ms, it is on the screen. */
  tell(video: HTMLVideoElement, shown: Shown): void {
    const kept = this.shown.get(video) ?? []
    kept.push(shown)
    if (kept.length > KEPT) kept.shift()
    this.shown.set(video, kept)
  }

  /** Frames between the first and the last video at a moment, ms; null where one is unknown. */
  apart(at: number): number | null {
    const frames = [...this.shown.values()].map((kept) => kept.findLast((s) => s.at <= at)?.frame)
    const known = frames.filter((frame) => frame !== undefined)
    if (known.length < 2 || known.length < frames.length) return null
    return Math.max(...known) - Math.min(...known)
  }

  /** Remember how far apart they were a moment ago; call it while they play. */
  measure(now: number): void {
    this.worst = Math.max(this.worst, this.apart(now - BEHIND_MS) ?? 0)
  }

  /** A jump makes what was shown before it meaningless. */
  clear(): void {
    for (const kept of this.shown.values()) kept.length = 0
  }
}
