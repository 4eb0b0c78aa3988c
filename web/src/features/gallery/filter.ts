import type { RobotCard } from '@/api/types'

export type Filter = { words: string; category: string }

const NAMES: Record<string, string> = {
  locomotion: 'Walks and runs',
  manipulation: 'Grabs and lifts',
  dm_control_suite: 'Classics',
  own: 'Your own',
}

export const categoryName = (category: string) => NAMES[category] ?? category.replaceAll('_', ' ')

/** Categories with how many robots each has, in the gallery's order. */
export function categories(robots: readonly RobotCard[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { category } of robots) counts.set(category, (counts.get(category) ?? 0) + 1)
  return [...counts]
}

/** Robots in which every word of the search is found. */
export function matching(robots: readonly RobotCard[], { words, category }: Filter): RobotCard[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return robots.filter((robot) => {
    if (category && robot.category !== category) return false
    const text = [robot.name, robot.id, robot.type, robot.description].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
