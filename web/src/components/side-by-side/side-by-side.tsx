import { useMutation } from '@tanstack/react-query'
import { client, unwrapFile } from '@/api/client'
import type { Source } from '@/api/types'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { fileName, save } from '@/lib/save'

type Format = 'mp4' | 'gif'
const LABELS: Record<Format, string> = { mp4: 'Side by side (MP4)', gif: 'Side by side (GIF)' }

/** Downloads all clips as one that loops, under the sentence: the thing to send to somebody. */
export function SideBySide({ source, sentence }: { source: Source; sentence: string }) {
  const toast = useToast()
  const make = useMutation({
    mutationFn: (format: Format) => drawn(source, format),
    onSuccess: ({ blob, note }, format) => {
      save(blob, `${fileName(sentence)}.${format}`)
      if (note) toast.say(note)
    },
    onError: toast.fail,
  })
  return (
    <>
      {(['mp4', 'gif'] as const).map((format) => (
        <Button
          key={format}
          icon="download"
          look={format === 'mp4' ? 'primary' : 'solid'}
          busy={make.isPending && make.variables === format}
          onClick={() => make.mutate(format)}
        >
          {make.isPending && make.variables === format ? 'Drawing it' : LABELS[format]}
        </Button>
      ))}
    </>
  )
}

/** The film, and what the server had to leave out of it. */
async function drawn({ kind, id }: Source, format: Format) {
  const answer =
    kind === 'own'
      ? client.GET('/api/experiments/{id}/side-by-side', {
          params: { path: { id }, query: { format } },
          parseAs: 'blob',
        })
      : client.GET('/api/shared/{share_id}/side-by-side', {
          params: { path: { share_id: id }, query: { format } },
          parseAs: 'blob',
        })
  const blob = await unwrapFile(answer)
  return { blob, note: (await answer).response.headers.get('X-TabRL-Note') }
}
