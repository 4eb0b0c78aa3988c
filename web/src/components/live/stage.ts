import * as THREE from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { bodies, type Drawing, type Look } from './drawing'
import type { CameraFacts } from './facts'

const FOVY_DEG = 45
const SHADOW = 1024
const FOLLOW_S = 0.35 // how long the camera takes to catch up with its robot

THREE.ColorManagement.enabled = false // colours as in our clips, which OpenGL mixes as they are

/** What is seen of one robot: light, floor and camera as in its clip. */
export class Stage {
  readonly camera = new THREE.PerspectiveCamera(FOVY_DEG, 4 / 3, 0.02, 200)
  readonly controls: OrbitControls
  private readonly renderer: THREE.WebGLRenderer
  private readonly scene = new THREE.Scene()
  private readonly groups: Map<number, THREE.Group>
  private readonly key: THREE.DirectionalLight
  private readonly raycaster = new THREE.Raycaster()
  private readonly arrow = new THREE.ArrowHelper(new THREE.Vector3(1, 0, 0), undefined, 1, 0xe4572e)

  constructor(
    canvas: HTMLCanvasElement,
    drawing: Drawing,
    numbers: ArrayBuffer,
    private readonly facts: CameraFacts,
    private readonly base: number,
  ) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true })
    this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace
    this.renderer.shadowMap.enabled = true
    this.renderer.shadowMap.type = THREE.PCFShadowMap
    this.groups = bodies(drawing, numbers)
    for (const group of this.groups.values()) this.scene.add(group)
    this.key = this.light(drawing.look)
    this.camera.up.set(0, 0, 1)
    this.controls = new OrbitControls(this.camera, canvas)
    this.controls.enablePan = false
    this.controls.minDistance = 0.4 * facts.distance
    this.controls.maxDistance = 4 * facts.distance
    this.controls.maxPolarAngle = 0.49 * Math.PI
    this.arrow.visible = false
    this.scene.add(this.arrow)
    this.look()
  }

  /** Back to where the clip is seen from. */
  look(): void {
    const { azimuth, elevation, distance, height, offset } = this.facts
    const along = direction(azimuth, elevation).multiplyScalar(-distance)
    const at = this.at(offset, height)
    this.controls.target.copy(at)
    this.camera.position.copy(at).add(along)
    this.controls.update()
  }

  private at(offset: [number, number], height: number): THREE.Vector3 {
    const base = this.facts.follow ? this.groups.get(this.base)?.position : undefined
    return new THREE.Vector3((base?.x ?? 0) + offset[0], (base?.y ?? 0) + offset[1], height)
  }

  private light(look: Look): THREE.DirectionalLight {
    this.scene.background = new THREE.Color(...look.horizon)
    const unit = this.facts.distance
    this.scene.fog = new THREE.Fog(
      new THREE.Color(...look.horizon),
      look.fog[0] * unit,
      look.fog[1] * unit,
    )
    // A matte surface gives back a part in pi of what falls on it; OpenGL's lights have none of it.
    this.scene.add(new THREE.AmbientLight(0xffffff, 0.33 * Math.PI))
    const head = new THREE.DirectionalLight(0xffffff, 0.25 * Math.PI)
    head.position.set(0, 0, 1)
    this.camera.add(head, head.target)
    this.scene.add(this.camera)
    const lamps = [look.key, look.rim].map(({ turn_deg, height_deg, rgb }) => {
      const lamp = new THREE.DirectionalLight(new THREE.Color(...rgb), Math.PI)
      lamp.userData.from = direction(this.facts.azimuth + turn_deg, -height_deg).multiplyScalar(-6)
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
    const reach = 0.8 * unit
    Object.assign(key.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach })
    return key
  }

  /** Put all bodies where they are: (x, y, z, w, i, j, k) of each, in MuJoCo's order. */
  pose(poses: Float32Array, seconds: number): void {
    for (const [body, group] of this.groups) {
      const i = 7 * body
      group.position.fromArray(poses, i)
      group.quaternion.set(
        poses[i + 4] as number,
        poses[i + 5] as number,
        poses[i + 6] as number,
        poses[i + 3] as number,
      )
    }
    this.chase(seconds)
  }

  private chase(seconds: number): void {
    if (!this.facts.follow) return
    const at = this.at(this.facts.offset, this.controls.target.z)
    const part = Math.min(1, seconds / FOLLOW_S)
    const step = at.sub(this.controls.target).multiplyScalar(part)
    this.controls.target.add(step)
    this.camera.position.add(step)
  }

  draw(): void {
    this.controls.update()
    this.key.target.position.copy(this.controls.target)
    this.key.position.copy(this.controls.target).add(this.key.userData.from as THREE.Vector3)
    this.renderer.render(this.scene, this.camera)
  }

  resize(width: number, height: number, ratio: number): void {
    this.renderer.setPixelRatio(ratio)
    this.renderer.setSize(width, height, false)
    this.camera.aspect = width / height
    this.camera.updateProjectionMatrix()
  }

  /** The moving body under a point of the canvas (-1 to 1), and where on it, in m. */
  hit(x: number, y: number): { body: number; point: THREE.Vector3 } | null {
    this.raycaster.setFromCamera(new THREE.Vector2(x, y), this.camera)
    for (const { object, point } of this.raycaster.intersectObjects(this.scene.children)) {
      for (const [body, group] of this.groups) {
        if (object.parent === group) return body === 0 ? null : { body, point }
      }
    }
    return null
  }

  /** Where a point of the canvas lies in the plane through `point` that faces the camera, in m. */
  beside(x: number, y: number, point: THREE.Vector3): THREE.Vector3 {
    this.raycaster.setFromCamera(new THREE.Vector2(x, y), this.camera)
    const facing = this.camera.getWorldDirection(new THREE.Vector3())
    const plane = new THREE.Plane().setFromNormalAndCoplanarPoint(facing, point)
    return this.raycaster.ray.intersectPlane(plane, new THREE.Vector3()) ?? point.clone()
  }

  /** Show a pull from a body's middle; null hides it. */
  pulling(body: number, to: THREE.Vector3 | null): void {
    const from = this.groups.get(body)?.position
    this.arrow.visible = Boolean(from && to)
    if (!from || !to) return
    const along = to.clone().sub(from)
    this.arrow.position.copy(from)
    this.arrow.setDirection(along.clone().normalize())
    this.arrow.setLength(Math.max(along.length(), 0.01), 0.08, 0.05)
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
