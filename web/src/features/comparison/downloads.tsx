import { useMutation } from '@tanstack/react-query'
import { client, unwrapFile } from '@/api/client'
import type { Experiment, Source } from '@/api/types'
import { SideBySide } from '@/components/side-by-side/side-by-side'
import { Button, FileLink } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { fileName, save } from '@/lib/save'
import styles from './downloads.module.css'
import { useExport } from './take-home'

/** Save all clips as one or each by itself, the winner first, or the report. */
export function Downloads({ source, experiment }: { source: Source; experiment: Experiment }) {
  const toast = useToast()
  const { winner, sentence, title } = experiment
  const name = fileName(title || sentence)
  const videos = experiment.approaches
    .toSorted((a, b) => Number(b.id === winner) - Number(a.id === winner))
    .flatMap((a) => a.files.video_id ?? [])
  const models = experiment.approaches.filter((a) => a.files.model)
  const leave = useExport()
  const make = useMutation({
    mutationFn: () => zipped(videos),
    onSuccess: (blob) => save(blob, `${name}.zip`),
    onError: toast.fail,
  })
  return (
    <div className={styles.downloads}>
      <SideBySide source={source} sentence={sentence} />
      <Button icon="download" busy={make.isPending} onClick={() => make.mutate()}>
        All clips (zip)
      </Button>
      {models.length > 0 && (
        <Button
          icon="paw"
          busy={leave.isPending}
          onClick={() => leave.mutate({ model: source.id, kind: 'page', name })}
        >
          Live page (zip)
        </Button>
      )}
      {experiment.report && (
        <FileLink icon="report" href={experiment.report} download={`${name}.html`}>
          Training report
        </FileLink>
      )}
    </div>
  )
}

function zipped(videos: string[]): Promise<Blob> {
  const answer = client.POST('/api/videos/download', {
    body: { videos, format: 'zip' },
    parseAs: 'blob',
  })
  return unwrapFile(answer)
}
