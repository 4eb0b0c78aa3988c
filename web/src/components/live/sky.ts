import * as THREE from 'three'
import type { Look } from './drawing'

const VERTEX = `
varying vec3 along;
void main() {
  along = position;
  gl_Position = (projectionMatrix * mat4(mat3(viewMatrix)) * vec4(position, 1.0)).xyww;
}`
const FRAGMENT = `
uniform vec3 horizon, zenith;
uniform float rise;
varying vec3 along;
void main() {
  float pitch = asin(normalize(along).z);
  float blend = pow(clamp(pitch / rise, 0.0, 1.0), 0.8);
  gl_FragColor = vec4(mix(horizon, zenith, blend), 1.0);
}`

/** The sky of the clips, from wherever one looks: the horizon's colour, and bluer above it. */
export function sky({ horizon, zenith, sky_rise }: Look): THREE.Mesh {
  const material = new THREE.ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { horizon: { value: horizon }, zenith: { value: zenith }, rise: { value: sky_rise } },
    side: THREE.BackSide,
    depthWrite: false,
  })
  const dome = new THREE.Mesh(new THREE.SphereGeometry(1, 48, 32), material)
  dome.frustumCulled = false // it is around every camera
  dome.renderOrder = -1
  dome.raycast = () => {}
  return dome
}
