import { type Anatomy, type Foot, type Frame, type Point, RATE_HZ } from './frames'

export type Series = Float64Array
type Space = [Series, Series, Series]

const HALF_STEP = 12 // samples: a quarter of a second
const CONTACT_HEIGHT = 0.01 // m: a foot lower than this touches the ground

/**
 * The series that metrics name, as `tabrl.verdict.trajectory` makes them, from frames at 50 Hz.
 * What is not measured here, such as heights above rough ground, is not among them.
 */
export function seriesOf(frames: readonly Frame[], robot: Anatomy): Record<string, Series> {
  const made = { ...ofBase(frames, robot), ...ofJoints(frames, robot) }
  const [roll, hips] = [made.roll as Series, made['group:hips']]
  if (hips) made.sway = deviation(hips) > deviation(roll) ? hips : roll
  return { ...made, ...ofLimbs(frames, robot), ...ofBodies(frames, robot) }
}

function ofBase(frames: readonly Frame[], robot: Anatomy): Record<string, Series> {
  const each = (value: (frame: Frame) => number) => Float64Array.from(frames, value)
  const turned = (index: number) => each(({ xmat }) => xmat[9 * robot.base + index] as number)
  const place = placesOf(frames, (frame) => at(frame.xpos, robot.base))
  const velocity: Space = robot.free_base
    ? placesOf(frames, ({ qvel }) => at(qvel, 0))
    : (place.map(gradient) as Space)
  const rates: Space = robot.free_base
    ? placesOf(frames, ({ qvel }) => at(qvel, 1))
    : turning(Array.from({ length: 9 }, (_, i) => turned(i)))
  const yaw = unwrapped(each(({ xmat }) => headingOf(xmat, robot.base)))
  const start = yaw[0] as number
  const along = (cosine: (angle: number) => number, sine: (angle: number) => number) =>
    yaw.map(
      (angle, i) => cosine(angle) * (velocity[0][i] ?? 0) + sine(angle) * (velocity[1][i] ?? 0),
    )
  const moved = place.map((series) => series.map((x) => x - (series[0] as number))) as Space
  const way = (cosine: number, sine: number) =>
    moved[0].map((x, i) => cosine * x + sine * (moved[1][i] ?? 0))
  const up = [turned(6), turned(7), turned(8)] as Space
  return {
    ...(robot.rough ? {} : { height: place[2] }),
    roll: unwrapped(up[1].map((y, i) => Math.atan2(y, up[2][i] as number))),
    pitch: up[0].map((x) => -Math.asin(clamped(x))),
    yaw: yaw.map((angle) => angle - start),
    upright: up[2],
    nose_up: up[0],
    left_up: up[1],
    forward_speed: along(Math.cos, Math.sin),
    left_speed: along((angle) => -Math.sin(angle), Math.cos),
    up_speed: velocity[2],
    speed: lengths(velocity[0], velocity[1]),
    turn_rate: up[0].map((_, i) =>
      [0, 1, 2].reduce((sum, axis) => sum + value(up, axis, i) * value(rates, axis, i), 0),
    ),
    roll_rate: rates[0],
    pitch_rate: rates[1],
    displacement_forward: way(Math.cos(start), Math.sin(start)),
    displacement_left: way(-Math.sin(start), Math.cos(start)),
    distance: lengths(moved[0], moved[1]),
    path: walked(moved[0], moved[1]),
    pitched: summed(rates[1]),
    rolled: summed(rates[0]),
  }
}

function ofJoints(frames: readonly Frame[], robot: Anatomy): Record<string, Series> {
  const out: Record<string, Series> = {}
  const joints = Object.entries(robot.joints)
  for (const [name, [place]] of joints) {
    out[`joint:${name}`] = Float64Array.from(frames, ({ qpos }) => qpos[place] as number)
  }
  for (const [name, members] of Object.entries(robot.groups)) {
    out[`group:${name}`] = mean(members.map((joint) => out[`joint:${joint}`] as Series))
  }
  if (joints.length) {
    const square = (value: (frame: Frame, joint: [number, number, number]) => number) =>
      Float64Array.from(frames, (frame) =>
        Math.sqrt(
          joints.reduce((sum, [, joint]) => sum + value(frame, joint) ** 2, 0) / joints.length,
        ),
      )
    out.pose_error = square(({ qpos }, [place, , home]) => (qpos[place] as number) - home)
    out.joint_speed = square(({ qvel }, [, place]) => qvel[place] as number)
  }
  return out
}

function ofLimbs(frames: readonly Frame[], robot: Anatomy): Record<string, Series> {
  const out: Record<string, Series> = {}
  const sites = (point: Point) => placesOf(frames, (frame) => at(frame[point[0]], point[1]))
  const limbs = [
    ['foot', robot.feet],
    ['hand', robot.hands],
  ] as const
  for (const [kind, points] of limbs) {
    for (const [name, [field, row]] of Object.entries<Point | Foot>(points)) {
      const away = frames.map((frame) => {
        const [x, y] = at(frame[field], row)
        const [baseX, baseY] = at(frame.xpos, robot.base)
        const yaw = headingOf(frame.xmat, robot.base)
        return { x: x - baseX, y: y - baseY, cos: Math.cos(yaw), sin: Math.sin(yaw) }
      })
      out[`${kind}_forward:${name}`] = Float64Array.from(away, (w) => w.cos * w.x + w.sin * w.y)
      out[`${kind}_left:${name}`] = Float64Array.from(away, (w) => w.cos * w.y - w.sin * w.x)
    }
  }
  const feet = Object.entries(robot.feet)
  if (feet.length && !robot.rough) {
    for (const [name, [field, row, body, sole]] of feet) {
      const height = Float64Array.from(frames, (frame) => {
        const up = [6, 7, 8].map((i) => frame.xmat[9 * body + i] as number)
        const below = sole.map(
          ([x, y, z, radius]) => radius - (x * (up[0] ?? 0) + y * (up[1] ?? 0) + z * (up[2] ?? 0)),
        )
        return at(frame[field], row)[2] - Math.max(...below)
      })
      out[`foot_height:${name}`] = height
      out[`contact:${name}`] = height.map((z) => Number(z < CONTACT_HEIGHT))
    }
    const down = Float64Array.from(frames, (_, i) =>
      feet.reduce((sum, [name]) => sum + ((out[`contact:${name}`] as Series)[i] ?? 0), 0),
    )
    out.feet_down = down
    out.flight = down.map((count) => Number(count === 0))
  }
  const hands = Object.entries(robot.hands)
  for (const [name, point] of hands) {
    const [x, y, z] = sites(point)
    Object.assign(out, {
      [`hand_x:${name}`]: x,
      [`hand_y:${name}`]: y,
      [`hand_height:${name}`]: z,
    })
    for (const [object, body] of Object.entries(robot.objects)) {
      out[`gap:${name}:${object}`] = gap(frames, point, ['xpos', body])
    }
  }
  const [one, other] = hands
  if (one && other && hands.length === 2) out.hands_apart = gap(frames, one[1], other[1])
  if (robot.head && !robot.rough) out.head_height = sites(robot.head)[2]
  return out
}

function ofBodies(frames: readonly Frame[], robot: Anatomy): Record<string, Series> {
  const out: Record<string, Series> = {}
  for (const [name, body] of Object.entries(robot.bodies)) {
    out[`body_up:${name}`] = Float64Array.from(frames, ({ xmat }) => xmat[9 * body + 8] as number)
  }
  for (const [name, body] of Object.entries(robot.objects)) {
    const [x, y, z] = placesOf(frames, (frame) => at(frame.xpos, body))
    const begun = frames[0]?.xmat.subarray(9 * body, 9 * body + 9) ?? new Float64Array(9)
    out[`object_x:${name}`] = x
    out[`object_y:${name}`] = y
    out[`object_height:${name}`] = z
    out[`object_way:${name}`] = lengths(
      x.map((value) => value - (x[0] as number)),
      y.map((value) => value - (y[0] as number)),
    )
    out[`object_turned:${name}`] = Float64Array.from(frames, ({ xmat }) => {
      const trace = begun.reduce((sum, value, i) => sum + value * (xmat[9 * body + i] ?? 0), 0)
      return Math.acos(clamped((trace - 1) / 2))
    })
  }
  return out
}

function at(field: Float64Array, row: number): [number, number, number] {
  return [field[3 * row] as number, field[3 * row + 1] as number, field[3 * row + 2] as number]
}

function placesOf(
  frames: readonly Frame[],
  place: (frame: Frame) => [number, number, number],
): Space {
  const places = frames.map(place)
  return [0, 1, 2].map((axis) => Float64Array.from(places, (p) => p[axis] as number)) as Space
}

function value(space: Space, axis: number, i: number): number {
  return space[axis]?.[i] ?? 0
}

const headingOf = (xmat: Float64Array, body: number): number =>
  Math.atan2(xmat[9 * body + 3] as number, xmat[9 * body] as number)

const clamped = (x: number) => Math.max(-1, Math.min(1, x))

const lengths = (x: Series, y: Series) => x.map((value, i) => Math.hypot(value, y[i] ?? 0))

function gap(frames: readonly Frame[], one: Point, other: Point): Series {
  return Float64Array.from(frames, (frame) => {
    const [a, b] = [at(frame[one[0]], one[1]), at(frame[other[0]], other[1])]
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
  })
}

function mean(series: readonly Series[]): Series {
  const [first = new Float64Array()] = series
  return first.map((_, i) => series.reduce((sum, x) => sum + (x[i] ?? 0), 0) / series.length)
}

function deviation(x: Series): number {
  const middle = x.reduce((sum, value) => sum + value, 0) / x.length
  return Math.sqrt(x.reduce((sum, value) => sum + (value - middle) ** 2, 0) / x.length)
}

function summed(x: Series): Series {
  let sum = 0
  return x.map((value) => {
    sum += value
    return sum / RATE_HZ
  })
}

/** Angles without jumps of a whole turn. */
function unwrapped(x: Series): Series {
  let [before, turns] = [x[0] ?? 0, 0]
  return x.map((angle) => {
    turns -= Math.round((angle - before) / (2 * Math.PI))
    before = angle
    return angle + 2 * Math.PI * turns
  })
}

/** Change a second, between both neighbours. */
function gradient(x: Series): Series {
  return x.map((_, i) => {
    const [low, high] = [Math.max(0, i - 1), Math.min(x.length - 1, i + 1)]
    return (((x[high] as number) - (x[low] as number)) * RATE_HZ) / Math.max(1, high - low)
  })
}

/** Angular velocity in the body's frame, rad/s, from the nine numbers of its rotation. */
function turning(rotation: readonly Series[]): Space {
  const change = rotation.map(gradient)
  const skew = (j: number, k: number) =>
    (rotation[0] as Series).map((_, i) =>
      [0, 1, 2].reduce(
        (sum, row) => sum + (rotation[3 * row + j]?.[i] ?? 0) * (change[3 * row + k]?.[i] ?? 0),
        0,
      ),
    )
  const half = (a: Series, b: Series) => a.map((x, i) => (x - (b[i] ?? 0)) / 2)
  return [half(skew(2, 1), skew(1, 2)), half(skew(0, 2), skew(2, 0)), half(skew(1, 0), skew(0, 1))]
}

/** Length of a way, smoothed over the half second of a step or two. */
function walked(x: Series, y: Series): Series {
  const half = Math.min(HALF_STEP, Math.floor((x.length - 1) / 2))
  const smooth = [x, y].map((series) => {
    const padded = reflected(series, half)
    return series.map((_, i) => {
      const window = padded.subarray(i, i + 2 * half + 1)
      return window.reduce((sum, value) => sum + value, 0) / window.length
    })
  }) as [Series, Series]
  let length = 0
  return x.map((_, i) => {
    if (i === 0) return 0
    const [dx, dy] = smooth.map((s) => (s[i] as number) - (s[i - 1] as number)) as [number, number]
    length += Math.hypot(dx, dy)
    return length
  })
}

/** A series with so many samples more at both ends: its own, turned about its end. */
export function reflected(x: Series, more: number): Series {
  const last = x.length - 1
  return Float64Array.from({ length: x.length + 2 * more }, (_, index) => {
    const i = index - more
    if (i < 0) return 2 * (x[0] as number) - (x[-i] as number)
    if (i > last) return 2 * (x[last] as number) - (x[2 * last - i] as number)
    return x[i] as number
  })
}
