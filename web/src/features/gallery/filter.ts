import type { RobotCard } from '@/api/types'

export type Filter = { words: string; category: string }

/** The category of robots that people add. */
export const CUSTOM = 'custom'

const NAMES: Record<string, string> = {
  locomotion: 'Walks and runs',
  manipulation: 'Grabs and lifts',
  dm_control_suite: 'Classics',
  [CUSTOM]: 'Your own',
}

export const categoryName = (category: string) => NAMES[category] ?? category.replaceAll('_', ' ')

/** Categories with how many robots each has, in the gallery's order. */
export function categories(robots: readonly RobotCard[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { category } of robots) counts.set(category, (counts.get(category) ?? 0) + 1)
  return [...counts]
}

/** Robots in which a word begins with each one searched for; what they are comes before what is
 * said about them, and else the gallery's order stays. */
export function matching(robots: readonly RobotCard[], { words, category }: Filter): RobotCard[] {
  const wanted = split(words)
  return robots
    .filter((robot) => !category || robot.category === category)
    .map((robot) => ({ robot, rank: rank(robot, wanted) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .map(({ robot }) => robot)
}

/** How far from what the robot is the words are found: 0 names all, infinity misses one. */
function rank(robot: RobotCard, wanted: readonly string[]): number {
  const places = [
    split(`${robot.type} ${robot.name}`),
    [...split(robot.maker ?? ''), robot.id.toLowerCase()],
    split(robot.description),
  ]
  let sum = 0
  for (const word of wanted) {
    const place = places.findIndex((has) => has.some((one) => one.startsWith(word)))
    if (place < 0) return Number.POSITIVE_INFINITY
    sum += 2 * place + (places[place]?.includes(word) ? 0 : 1)
  }
  return sum
}

const split = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
