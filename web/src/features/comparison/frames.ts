import { FRAME_S } from './clock'

/** Which frame each video shows, as the browser's compositor tells. */
export class ShownFrames {
  worst = 0
  private readonly frames = new Map<HTMLVideoElement, number>()

  /** Watch a video until the returned function is called. */
  add(video: HTMLVideoElement): () => void {
    if (!('requestVideoFrameCallback' in video)) return () => {}
    let handle = 0
    const shown: VideoFrameRequestCallback = (_now, { mediaTime }) => {
      this.frames.set(video, Math.round(mediaTime / FRAME_S))
      handle = video.requestVideoFrameCallback(shown)
    }
    handle = video.requestVideoFrameCallback(shown)
    return () => {
      video.cancelVideoFrameCallback(handle)
      this.frames.delete(video)
    }
  }

  /** Frames between the first and the last video as they are on the screen now. */
  apart(): number {
    const shown = [...this.frames.values()]
    return shown.length < 2 ? 0 : Math.max(...shown) - Math.min(...shown)
  }

  /** Remember how far they were apart at most; call it while they play. */
  measure(): void {
    this.worst = Math.max(this.worst, this.apart())
  }

  /** A jump makes what was shown before it meaningless. */
  clear(): void {
    this.frames.clear()
  }
}
