import * as THREE from 'three'

type Place = { at: number; count: number }

/** What `drawing.json` says; the numbers are in `drawing.bin`. */
export interface Drawing {
  geoms: GeomFacts[]
  meshes: { low: Triple; extent: Triple; vertices: Place; faces: Place; wide: boolean }[]
  look: Look
}

type Triple = [number, number, number]

interface GeomFacts {
  body: number
  shape: 'plane' | 'hfield' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box' | 'mesh'
  pos: Triple
  quat: [number, number, number, number]
  size: Triple
  rgba: [number, number, number, number]
  floor: boolean
  shine: number
  mesh?: number
  hfield?: { rows: number; columns: number; size: [number, number, number, number]; heights: Place }
}

export interface Look {
  horizon: Triple
  zenith: Triple
  /** How high above the horizon the sky is bluest, rad. */
  sky_rise: number
  tiles: [Triple, Triple]
  line: Triple
  line_width: number
  key: Light
  rim: Light
  fog: [number, number]
}

interface Light {
  turn_deg: number
  height_deg: number
  rgb: Triple
}

const TILE_M = 0.5
const CREASE_RAD = (35 * Math.PI) / 180
const STEPS = 65535
const FAR_M = 60 // what a floor without end is drawn to

/** A group for each body that is drawn, the world's first; poses are set from outside. */
export function bodies(drawing: Drawing, numbers: ArrayBuffer): Map<number, THREE.Group> {
  const shapes = drawing.meshes.map((mesh) => meshGeometry(mesh, numbers))
  const groups = new Map<number, THREE.Group>()
  for (const geom of drawing.geoms) {
    const object = new THREE.Mesh(geometry(geom, shapes, numbers), material(geom, drawing.look))
    object.position.fromArray(geom.pos)
    const [w, x, y, z] = geom.quat
    object.quaternion.set(x, y, z, w)
    object.castShadow = !geom.floor
    object.receiveShadow = true
    const group = groups.get(geom.body) ?? new THREE.Group()
    groups.set(geom.body, group.add(object))
  }
  return groups
}

function geometry(
  geom: GeomFacts,
  meshes: THREE.BufferGeometry[],
  numbers: ArrayBuffer,
): THREE.BufferGeometry {
  const [a, b, c] = geom.size
  switch (geom.shape) {
    case 'plane':
      return new THREE.PlaneGeometry(2 * (a || FAR_M), 2 * (b || FAR_M))
    case 'box':
      return new THREE.BoxGeometry(2 * a, 2 * b, 2 * c)
    case 'sphere':
      return new THREE.SphereGeometry(a, 24, 16)
    case 'ellipsoid':
      return new THREE.SphereGeometry(1, 24, 16).scale(a, b, c)
    case 'cylinder':
      return new THREE.CylinderGeometry(a, a, 2 * b, 28).rotateX(Math.PI / 2)
    case 'capsule':
      return new THREE.CapsuleGeometry(a, 2 * b, 8, 20).rotateX(Math.PI / 2)
    case 'mesh':
      return meshes[geom.mesh as number] as THREE.BufferGeometry
    case 'hfield':
      return terrain(geom.hfield as NonNullable<GeomFacts['hfield']>, numbers)
  }
}

function meshGeometry(mesh: Drawing['meshes'][number], numbers: ArrayBuffer): THREE.BufferGeometry {
  const steps = new Uint16Array(numbers, mesh.vertices.at, mesh.vertices.count)
  const vertices = Float32Array.from(steps, (step, i) => {
    const axis = i % 3
    return (mesh.low[axis] as number) + ((mesh.extent[axis] as number) * step) / STEPS
  })
  const faces = mesh.wide
    ? new Uint32Array(numbers, mesh.faces.at, mesh.faces.count)
    : new Uint16Array(numbers, mesh.faces.at, mesh.faces.count)
  return creased(vertices, faces)
}

/** Smooth, but sharp across creases: a corner's normal is the mean of the faces that are alike. */
function creased(vertices: Float32Array, faces: ArrayLike<number>): THREE.BufferGeometry {
  const count = faces.length / 3
  const normals = new Float32Array(3 * count)
  const at: number[][] = Array.from({ length: vertices.length / 3 }, () => [])
  const [a, b, c] = [new THREE.Vector3(), new THREE.Vector3(), new THREE.Vector3()]
  for (let face = 0; face < count; face++) {
    const [i, j, k] = [0, 1, 2].map((n) => faces[3 * face + n] as number) as [
      number,
      number,
      number,
    ]
    a.fromArray(vertices, 3 * i)
    b.fromArray(vertices, 3 * j).sub(a)
    c.fromArray(vertices, 3 * k).sub(a)
    b.cross(c).toArray(normals, 3 * face) // as long as the face is large
    for (const corner of [i, j, k]) at[corner]?.push(face)
  }
  const positions = new Float32Array(9 * count)
  const corners = new Float32Array(9 * count)
  const limit = Math.cos(CREASE_RAD)
  for (let n = 0; n < 3 * count; n++) {
    const corner = faces[n] as number
    const own = a.fromArray(normals, 3 * Math.floor(n / 3))
    const length = own.length() || 1
    c.set(0, 0, 0)
    for (const face of at[corner] ?? []) {
      b.fromArray(normals, 3 * face)
      if (b.dot(own) >= limit * length * b.length()) c.add(b)
    }
    c.normalize().toArray(corners, 3 * n)
    positions.set(vertices.subarray(3 * corner, 3 * corner + 3), 3 * n)
  }
  const made = new THREE.BufferGeometry()
  made.setAttribute('position', new THREE.BufferAttribute(positions, 3))
  made.setAttribute('normal', new THREE.BufferAttribute(corners, 3))
  return made
}

function terrain(
  { rows, columns, size, heights }: NonNullable<GeomFacts['hfield']>,
  numbers: ArrayBuffer,
): THREE.BufferGeometry {
  const values = new Float32Array(numbers, heights.at, heights.count)
  const made = new THREE.PlaneGeometry(2 * size[0], 2 * size[1], columns - 1, rows - 1)
  const position = made.getAttribute('position') as THREE.BufferAttribute
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // three's rows begin at the far side, MuJoCo's at the near one
      position.setZ((rows - 1 - row) * columns + column, values[row * columns + column] as number)
    }
  }
  made.computeVertexNormals()
  return made
}

function material(geom: GeomFacts, look: Look): THREE.Material {
  const [r, g, b, alpha] = geom.rgba
  if (geom.floor) return floorMaterial(geom, look)
  return new THREE.MeshPhongMaterial({
    color: new THREE.Color(r, g, b),
    opacity: alpha,
    transparent: alpha < 1,
    specular: new THREE.Color(geom.shine, geom.shine, geom.shine).multiplyScalar(0.4),
    shininess: 40,
  })
}

function floorMaterial(geom: GeomFacts, look: Look): THREE.Material {
  const texture = new THREE.CanvasTexture(tiles(look))
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping
  texture.anisotropy = 8
  const [width, height] =
    geom.shape === 'hfield' && geom.hfield
      ? [2 * geom.hfield.size[0], 2 * geom.hfield.size[1]]
      : [2 * (geom.size[0] || FAR_M), 2 * (geom.size[1] || FAR_M)]
  texture.repeat.set(width / (2 * TILE_M), height / (2 * TILE_M))
  return new THREE.MeshLambertMaterial({ map: texture })
}

/** Two by two tiles with thin light joints, which repeat. */
function tiles({ tiles: colours, line, line_width }: Look): HTMLCanvasElement {
  const size = 256
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  for (const x of [0, 1]) {
    for (const y of [0, 1]) {
      context.fillStyle = css(colours[(x + y) % 2] as Triple)
      context.fillRect((x * size) / 2, (y * size) / 2, size / 2, size / 2)
    }
  }
  context.fillStyle = css(line)
  const wide = line_width * size
  for (const at of [0, size / 2, size]) {
    context.fillRect(at - wide / 2, 0, wide, size)
    context.fillRect(0, at - wide / 2, size, wide)
  }
  return canvas
}

export function css(rgb: Triple): string {
  return `rgb(${rgb.map((x) => Math.round(255 * x)).join(' ')})`
}
