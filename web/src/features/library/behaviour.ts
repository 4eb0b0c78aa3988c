import { useQuery } from '@tanstack/react-query'
import { libraryQuery } from '@/api/queries'
import type { ExperimentSummary } from '@/api/types'

/** What the library shows of a robot: the very sentence where it has it, else what it has first;
 * null where there is nothing, undefined until that is known. */
export function useBehaviour(
  robot: string,
  sentences: readonly (string | undefined)[],
): ExperimentSummary | null | undefined {
  const { data, isPending } = useQuery(libraryQuery)
  return isPending ? undefined : learned(data ?? [], robot, sentences)
}

export function learned(
  library: readonly ExperimentSummary[],
  robot: string,
  sentences: readonly (string | undefined)[],
): ExperimentSummary | null {
  const clips = library.filter((item) => item.robot === robot && item.clip)
  const said = sentences.map((sentence) => clips.find((item) => item.sentence === sentence))
  return said.find(Boolean) ?? clips[0] ?? null
}
