import * as THREE from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { bodies, type Drawing, type Look } from './drawing'
import type { Facts } from './facts'
import { cellAt, gridOf } from './grid'
import { sky } from './sky'

const FOVY_DEG = 45
const RATIO = 4 / 3 // of a clip
const SHADOW = 1024
const FOLLOW_S = 0.35 // how long the camera takes to catch up with its robot

THREE.ColorManagement.enabled = false // colours as in our clips, which OpenGL mixes as they are

/** One robot of those that are seen: its bodies by MuJoCo's numbers, and where its camera looks. */
interface Seen {
  /** One that is not there has no numbers for a place: a box that nobody dropped. */
  bodies: Map<number, THREE.Group>
  target: THREE.Vector3
  arrow: THREE.ArrowHelper
}

/** Robots beside each other, each in a cell of the canvas: light, floor and camera as in a clip.
 *
 * All cells look the same way: the camera is that of the first, and shifts for the others.
 */
export class Stage {
  readonly camera = new THREE.PerspectiveCamera(FOVY_DEG, RATIO, 0.02, 200)
  readonly controls: OrbitControls
  grid = { columns: 1, rows: 1 }
  private readonly renderer: THREE.WebGLRenderer
  private readonly scene = new THREE.Scene()
  private readonly robots: Seen[]
  private readonly key: THREE.DirectionalLight
  private readonly raycaster = new THREE.Raycaster()
  private size = { width: 1, height: 1 }

  constructor(
    canvas: HTMLCanvasElement,
    drawing: Drawing,
    numbers: ArrayBuffer,
    private readonly facts: Pick<Facts, 'camera' | 'base'>,
    count: number,
  ) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true })
    this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace
    this.renderer.shadowMap.enabled = true
    this.renderer.shadowMap.type = THREE.PCFShadowMap
    const groups = bodies(drawing, numbers)
    const world = groups.get(0)
    if (world) this.scene.add(world)
    groups.delete(0)
    this.robots = Array.from({ length: count }, () => this.seen([...groups]))
    this.key = this.light(drawing.look)
    this.camera.up.set(0, 0, 1)
    const { distance } = facts.camera
    this.controls = new OrbitControls(this.camera, canvas)
    this.controls.enablePan = false
    this.controls.minDistance = 0.4 * distance
    this.controls.maxDistance = 4 * distance
    this.controls.maxPolarAngle = 0.49 * Math.PI
    this.look()
  }

  private seen(moving: [number, THREE.Group][]): Seen {
    const arrow = new THREE.ArrowHelper(new THREE.Vector3(1, 0, 0), undefined, 1, 0xe4572e)
    arrow.visible = false
    const groups = new Map(moving.map(([body, group]) => [body, group.clone()]))
    this.scene.add(arrow, ...groups.values())
    return { bodies: groups, target: new THREE.Vector3(), arrow }
  }

  /** Back to where the clip is seen from. */
  look(): void {
    const { azimuth, elevation, distance } = this.facts.camera
    for (const robot of this.robots) robot.target.copy(this.wanted(robot))
    this.controls.target.copy(this.first.target)
    const along = direction(azimuth, elevation).multiplyScalar(-distance)
    this.camera.position.copy(this.first.target).add(along)
    this.controls.update()
  }

  private get first(): Seen {
    return this.robots[0] as Seen
  }

  /** Where a robot's camera should look. */
  private wanted(robot: Seen): THREE.Vector3 {
    const { follow, offset, height } = this.facts.camera
    const base = follow ? robot.bodies.get(this.facts.base)?.position : undefined
    return new THREE.Vector3((base?.x ?? 0) + offset[0], (base?.y ?? 0) + offset[1], height)
  }

  private light(look: Look): THREE.DirectionalLight {
    const { azimuth, distance } = this.facts.camera
    this.scene.add(sky(look))
    this.scene.fog = new THREE.Fog(
      new THREE.Color(...look.horizon),
      look.fog[0] * distance,
      look.fog[1] * distance,
    )
    // A matte surface gives back a part in pi of what falls on it; OpenGL's lights have none of it.
    this.scene.add(new THREE.AmbientLight(0xffffff, 0.33 * Math.PI))
    const head = new THREE.DirectionalLight(0xffffff, 0.25 * Math.PI)
    head.position.set(0, 0, 1)
    this.camera.add(head, head.target)
    this.scene.add(this.camera)
    const lamps = [look.key, look.rim].map(({ turn_deg, height_deg, rgb }) => {
      const lamp = new THREE.DirectionalLight(new THREE.Color(...rgb), Math.PI)
      lamp.userData.from = direction(azimuth + turn_deg, -height_deg).multiplyScalar(-6)
      lamp.position.copy(lamp.userData.from)
      this.scene.add(lamp, lamp.target)
      return lamp
    })
    const key = lamps[0] as THREE.DirectionalLight
    key.castShadow = true
    key.shadow.mapSize.set(SHADOW, SHADOW)
    key.shadow.radius = 6
    key.shadow.bias = -2e-4
    key.shadow.normalBias = 0.01
    const reach = distance // a box in its way, too
    Object.assign(key.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach })
    return key
  }

  /** Put all bodies where they are: (x, y, z, w, i, j, k) of each, in MuJoCo's order, of one robot
   * after the other.
   */
  pose(poses: Float32Array, seconds: number): void {
    const each = poses.length / this.robots.length
    const part = Math.min(1, seconds / FOLLOW_S)
    const before = this.first.target.clone()
    for (const [number, robot] of this.robots.entries()) {
      for (const [body, group] of robot.bodies) {
        const i = number * each + 7 * body
        group.position.fromArray(poses, i)
        const [w, x, y, z] = poses.subarray(i + 3, i + 7) as unknown as number[]
        group.quaternion.set(x ?? 0, y ?? 0, z ?? 0, w ?? 1)
      }
      robot.target.lerp(this.wanted(robot), part)
    }
    const moved = this.first.target.clone().sub(before)
    this.controls.target.add(moved)
    this.camera.position.add(moved)
  }

  draw(): void {
    this.controls.update()
    const { columns, rows } = this.grid
    const [width, height] = [this.size.width / columns, this.size.height / rows]
    this.renderer.setScissorTest(this.robots.length > 1)
    for (const [number, robot] of this.robots.entries()) {
      const x = (number % columns) * width
      const y = (rows - 1 - Math.floor(number / columns)) * height
      this.renderer.setViewport(x, y, width, height)
      this.renderer.setScissor(x, y, width - (columns > 1 ? 1 : 0), height - (rows > 1 ? 1 : 0))
      this.with(robot, () => this.renderer.render(this.scene, this.camera))
    }
  }

  /** Do something while a robot alone is there, and the camera and its light are at it. */
  private with<T>(robot: Seen, act: () => T): T {
    for (const other of this.robots) {
      for (const group of other.bodies.values()) {
        group.visible = other === robot && Number.isFinite(group.position.x)
      }
      other.arrow.visible = other === robot && Boolean(other.arrow.userData.shown)
    }
    const shift = robot.target.clone().sub(this.first.target)
    this.camera.position.add(shift)
    this.camera.updateMatrixWorld()
    this.key.target.position.copy(robot.target)
    this.key.position.copy(robot.target).add(this.key.userData.from as THREE.Vector3)
    const done = act()
    this.camera.position.sub(shift)
    this.camera.updateMatrixWorld()
    return done
  }

  resize(width: number, height: number, ratio: number): void {
    this.size = { width, height }
    this.grid = gridOf(this.robots.length, width, height)
    this.renderer.setPixelRatio(ratio)
    this.renderer.setSize(width, height, false)
    const aspect = width / this.grid.columns / (height / this.grid.rows)
    const half = Math.tan(THREE.MathUtils.degToRad(FOVY_DEG / 2)) * Math.max(1, RATIO / aspect)
    this.camera.fov = 2 * THREE.MathUtils.radToDeg(Math.atan(half)) // a narrow cell sees as much
    this.camera.aspect = aspect
    this.camera.updateProjectionMatrix()
  }

  /** The moving body under a point of the canvas (-1 to 1), where on it, in m, and whose it is. */
  hit(x: number, y: number): { robot: number; body: number; point: THREE.Vector3 } | null {
    const at = cellAt(x, y, this.grid)
    const robot = this.robots[at.cell]
    if (!robot) return null
    return this.with(robot, () => {
      this.raycaster.setFromCamera(new THREE.Vector2(at.x, at.y), this.camera)
      for (const { object, point } of this.raycaster.intersectObjects(this.scene.children)) {
        for (const [body, group] of robot.bodies) {
          if (object.parent === group) return { robot: at.cell, body, point }
        }
      }
      return null
    })
  }

  /** Where a point of the canvas lies in the plane through `point` that faces a robot's camera. */
  beside(x: number, y: number, number: number, point: THREE.Vector3): THREE.Vector3 {
    const { columns } = this.grid
    const [column, row] = [number % columns, Math.floor(number / columns)]
    // beyond its own cell, too: a pull may go on over the neighbour's
    const [right, down] = [(columns * (x + 1)) / 2, (this.grid.rows * (1 - y)) / 2]
    const at = new THREE.Vector2(2 * (right - column) - 1, 1 - 2 * (down - row))
    return this.with(this.robots[number] as Seen, () => {
      this.raycaster.setFromCamera(at, this.camera)
      const facing = this.camera.getWorldDirection(new THREE.Vector3())
      const plane = new THREE.Plane().setFromNormalAndCoplanarPoint(facing, point)
      return this.raycaster.ray.intersectPlane(plane, new THREE.Vector3()) ?? point.clone()
    })
  }

  /** Show the same pull on a body of each robot, in m; null hides it. */
  pulling(body: number, along: THREE.Vector3 | null): void {
    for (const { bodies, arrow } of this.robots) {
      const from = bodies.get(body)?.position
      arrow.userData.shown = Boolean(from && along)
      if (!from || !along) continue
      arrow.position.copy(from)
      arrow.setDirection(along.clone().normalize())
      arrow.setLength(Math.max(along.length(), 0.01), 0.08, 0.05)
    }
  }

  /** Level, from the left to the right of the picture. */
  sideways(): THREE.Vector3 {
    const side = new THREE.Vector3().setFromMatrixColumn(this.camera.matrixWorld, 0)
    return side.setZ(0).normalize()
  }

  dispose(): void {
    this.controls.dispose()
    this.scene.traverse((object) => {
      if (object instanceof THREE.Mesh) {
        object.geometry.dispose()
        for (const each of [object.material].flat()) each.dispose()
      }
    })
    this.renderer.dispose()
  }
}

/** Where a camera of this azimuth and elevation looks to. */
function direction(azimuth: number, elevation: number): THREE.Vector3 {
  const [a, e] = [THREE.MathUtils.degToRad(azimuth), THREE.MathUtils.degToRad(elevation)]
  return new THREE.Vector3(Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e))
}
