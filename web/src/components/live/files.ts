import type { Drawing } from './drawing'
import type { Facts } from './facts'

/** A file of those that play a policy; the server's own words where there is none. */
export async function fetched(folder: string, name: string): Promise<Response> {
  const response = await fetch(`${folder}/${name}`)
  if (response.ok) return response
  const problem = await response.json().catch(() => ({}))
  throw new Error(problem.detail ?? `${name} did not come: ${response.status}.`)
}

export async function factsIn(folder: string): Promise<Facts> {
  return (await fetched(folder, 'control.json')).json()
}

/** What is drawn of a robot, and the numbers of its shapes. */
export async function looksIn(folder: string): Promise<[Drawing, ArrayBuffer]> {
  return Promise.all([
    fetched(folder, 'drawing.json').then((r) => r.json() as Promise<Drawing>),
    fetched(folder, 'drawing.bin').then((r) => r.arrayBuffer()),
  ])
}
