import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { accountQuery } from '@/api/account'
import { useHide, useRemoveFromLibrary } from '@/api/explore'
import type { ExploreItem } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Menu } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { AddToLibrary } from './add-to-library'
import { Report } from './report'

/** What one seldom does with what is shown: report it; owners hide it, or keep it in the library. */
export function CardMenu({ item }: { item: ExploreItem }) {
  const account = useQuery(accountQuery).data
  const [open, setOpen] = useState<'report' | 'library' | null>(null)
  const hide = useHide()
  const remove = useRemoveFromLibrary()
  const toast = useToast()
  const navigate = useNavigate()
  const { id, sentence, share_id: share } = item
  if (!account || !share) return null
  const runs = !account.hosted || account.person?.role === 'owner'
  const reports = account.person !== null && !item.mine && item.library !== 'shipped'
  const hides = account.hosted && runs && id
  const adds = runs && item.fit && item.library === null
  const removes = runs && item.library === 'added'
  if (!reports && !hides && !adds && !removes && !item.mine) return null
  return (
    <>
      <Menu label={`More about “${sentence}”`}>
        {item.mine && (
          <Button look="plain" icon="edit" onClick={() => navigate(`/experiments/${id}`)}>
            Open mine
          </Button>
        )}
        {adds && (
          <Button look="plain" icon="spark" onClick={() => setOpen('library')}>
            Add to the library
          </Button>
        )}
        {removes && (
          <Button
            look="plain"
            icon="trash"
            onClick={() =>
              remove.mutate(share.replace(/^library-/, ''), {
                onSuccess: () => toast.say(`“${sentence}” is no longer in the library.`),
                onError: toast.fail,
              })
            }
          >
            Remove from the library
          </Button>
        )}
        {reports && (
          <Button look="plain" icon="warning" onClick={() => setOpen('report')}>
            Report
          </Button>
        )}
        {hides && (
          <Button
            look="plain"
            icon="eye"
            onClick={() =>
              hide.mutate(
                { id, hidden: true },
                {
                  onSuccess: () => toast.say('Hidden. Under People you can show it again.'),
                  onError: toast.fail,
                },
              )
            }
          >
            Hide from everybody
          </Button>
        )}
      </Menu>
      <Dialog open={open === 'report'} title="What is wrong with it?" onClose={() => setOpen(null)}>
        <Report share={share} onDone={() => setOpen(null)} />
      </Dialog>
      <Dialog open={open === 'library'} title="Add to the library" onClose={() => setOpen(null)}>
        <AddToLibrary item={item} hosted={account.hosted} onDone={() => setOpen(null)} />
      </Dialog>
    </>
  )
}
