import type { Command } from './facts'

/** Which way a key goes: forward, left and turn, in shares of the fastest. */
const KEYS: Record<string, Command> = {
  ArrowUp: [1, 0, 0],
  KeyW: [1, 0, 0],
  ArrowDown: [-1, 0, 0],
  KeyS: [-1, 0, 0],
  ArrowLeft: [0, 0, 1],
  KeyA: [0, 0, 1],
  ArrowRight: [0, 0, -1],
  KeyD: [0, 0, -1],
  KeyQ: [0, 1, 0],
  KeyE: [0, -1, 0],
}
const DEAD = 0.15 // of a gamepad's stick, which never rests quite in its middle

export const STEERS = (code: string): boolean => code in KEYS

/** The wish (-1 to 1) of the keys that are held. */
export function wishOfKeys(held: Iterable<string>): Command {
  const sum: Command = [0, 0, 0]
  for (const code of held) {
    for (const [i, share] of (KEYS[code] ?? []).entries()) sum[i] = (sum[i] ?? 0) + share
  }
  return sum.map((x) => Math.max(-1, Math.min(1, x))) as Command
}

/** The wish of a gamepad: left stick ahead and aside, right stick turns. */
export function wishOfGamepad(pad: { axes: readonly number[] }): Command {
  const [aside = 0, ahead = 0, turn = 0] = pad.axes.map((x) => (Math.abs(x) < DEAD ? 0 : x))
  return [0 - ahead, 0 - aside, 0 - turn]
}

/** A wish as a command within what the robot follows: m/s, m/s, rad/s. */
export function commanded(wish: Command, ranges: readonly (readonly [number, number])[]): Command {
  return wish.map((share, i) => {
    const [low, high] = ranges[i] ?? [0, 0]
    return share < 0 ? -share * Math.min(low, 0) : share * Math.max(high, 0)
  }) as Command
}
