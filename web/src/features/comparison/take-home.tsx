import { useMutation } from '@tanstack/react-query'
import { client, unwrapFile } from '@/api/client'
import type { Approach } from '@/api/types'
import { Button, FileLink } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { save } from '@/lib/save'

type Kind = 'onnx' | 'bundle' | 'page'

/** What an approach leaves as; an export may take a minute, the first of its robot. */
export function TakeHome({ approach: { id, name, files } }: { approach: Approach }) {
  const make = useExport()
  const model = files.model?.split('/').at(-1)
  return (
    <>
      {make.isPending && (
        <Button size="small" look="plain" busy>
          Exporting
        </Button>
      )}
      <Menu label={`Take ${name} with you`} icon="download">
        <File href={files.clip} name={`${id}.mp4`} label="Clip (MP4)" />
        {model && (
          <>
            <Button look="plain" onClick={() => make.mutate({ model, kind: 'page', name: id })}>
              Page that plays it live (zip)
            </Button>
            <Button look="plain" onClick={() => make.mutate({ model, kind: 'bundle', name: id })}>
              MuJoCo scene and scripts (zip)
            </Button>
            <Button look="plain" onClick={() => make.mutate({ model, kind: 'onnx', name: id })}>
              ONNX
            </Button>
          </>
        )}
        <File href={files.policy} label="Policy (safetensors)" />
        <File href={files.trajectory} label="Trajectory (NumPy)" />
      </Menu>
    </>
  )
}

function File({ href, name, label }: { href: string | null; name?: string; label: string }) {
  if (!href) return null
  return (
    <FileLink look="plain" href={href} download={name ?? true}>
      {label}
    </FileLink>
  )
}

/** Have the server export a model and save what it gives; a toast says what went wrong. */
export function useExport() {
  const toast = useToast()
  return useMutation({
    mutationFn: ({ model, kind }: { model: string; kind: Kind; name: string }) => {
      const answer = client.GET('/api/models/{id}/export/{kind}', {
        params: { path: { id: model, kind } },
        parseAs: 'blob',
      })
      return unwrapFile(answer)
    },
    onSuccess: (blob, { name, kind }) => save(blob, `${name}-${kind}.zip`),
    onError: toast.fail,
  })
}
