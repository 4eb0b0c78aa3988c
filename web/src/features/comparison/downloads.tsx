import { useMutation } from '@tanstack/react-query'
import { client, unwrap } from '@/api/client'
import type { Experiment } from '@/api/types'
import { Button, FileLink } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import styles from './downloads.module.css'

type Format = 'zip' | 'gif'

/** Save all clips in one file, or the report. */
export function Downloads({ experiment }: { experiment: Experiment }) {
  const toast = useToast()
  const videos = experiment.approaches.flatMap((a) => a.files.video_id ?? [])
  const make = useMutation({
    mutationFn: (format: Format) => bundle(videos, format),
    onSuccess: (blob, format) => save(blob, name(experiment, blob, format)),
    onError: toast.fail,
  })
  const busy = (format: Format) => make.isPending && make.variables === format
  return (
    <div className={styles.downloads}>
      <Button icon="download" busy={busy('zip')} onClick={() => make.mutate('zip')}>
        All clips (zip)
      </Button>
      <Button icon="download" busy={busy('gif')} onClick={() => make.mutate('gif')}>
        {busy('gif') ? 'Drawing GIFs' : 'As GIF'}
      </Button>
      {experiment.report && (
        <FileLink icon="report" href={experiment.report} download={`${slug(experiment)}.html`}>
          Training report
        </FileLink>
      )}
    </div>
  )
}

function bundle(videos: string[], format: Format): Promise<Blob> {
  const answer = client.POST('/api/videos/download', {
    body: { videos, format },
    parseAs: 'blob',
  })
  return unwrap(answer as Promise<{ data?: Blob; error?: unknown; response: Response }>)
}

/** Several GIFs come as a zip of them. */
function name(experiment: Experiment, blob: Blob, format: Format): string {
  const ending = blob.type.includes('gif') ? 'gif' : 'zip'
  return `${slug(experiment)}${format === 'gif' && ending === 'zip' ? '-gif' : ''}.${ending}`
}

function slug({ title, sentence }: Experiment): string {
  const words = (title || sentence).toLowerCase().match(/[a-z0-9]+/g) ?? ['clips']
  return words.join('-').slice(0, 40)
}

function save(blob: Blob, fileName: string) {
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: fileName })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
