import { useQuery } from '@tanstack/react-query'
import { Suspense, useCallback, useRef } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { robotQuery } from '@/api/queries'
import { Boundary } from '@/components/ui/boundary'
import { Skeleton } from '@/components/ui/skeleton'
import { Composer } from '@/features/behaviour/composer'
import { Stage } from '@/features/behaviour/stage'
import { Gallery } from '@/features/gallery/gallery'
import { useBehaviour } from '@/features/library/behaviour'
import { LibraryShelf } from '@/features/library/library-shelf'
import { useSetParameter } from '@/lib/address'
import { useTitle } from '@/lib/use-title'
import styles from './studio.module.css'

const FIRST_ROBOT = 'Go1JoystickFlatTerrain'

/** Say what a robot should do. */
export function StudioRoute() {
  useTitle('Tell a robot what to do')
  const [params] = useSearchParams()
  const setParameter = useSetParameter()
  const navigate = useNavigate()
  const input = useRef<HTMLTextAreaElement>(null)
  const robot = params.get('robot') ?? FIRST_ROBOT
  const { data: info } = useQuery(robotQuery(robot))
  const behaviour = useBehaviour(robot, [params.get('say')?.trim(), info?.prompts[0]])

  const choose = useCallback(
    (id: string) => {
      setParameter('robot', id)
      input.current?.focus({ preventScroll: true })
      window.scrollTo({ top: 0 })
    },
    [setParameter],
  )

  return (
    <>
      <section className={styles.hero} aria-labelledby="title">
        <div className={styles.floor} aria-hidden="true" />
        <div className={styles.columns}>
          <div className={styles.words}>
            <h1 id="title">Tell a robot what&nbsp;to&nbsp;do.</h1>
            <p className={styles.lead}>
              One sentence, three ways to learn it: trained right here, side by side in minutes.
            </p>
            <Boundary name="The sentence">
              <Composer
                robot={robot}
                onProposed={(experiment) => navigate(`/experiments/${experiment.id}`)}
                inputRef={input}
              />
            </Boundary>
          </div>
          <Boundary name="The robot">
            <Stage key={robot} robot={robot} behaviour={behaviour} gallery="#robots" />
          </Boundary>
        </div>
      </section>
      <section className={styles.section} aria-labelledby="library">
        <header className={styles.head}>
          <h2 id="library">Already learned</h2>
          <Link to="/library">The whole library</Link>
        </header>
        <Boundary name="The library">
          <Suspense fallback={<Skeleton height="18rem" />}>
            <LibraryShelf limit={4} />
          </Suspense>
        </Boundary>
      </section>
      <section className={styles.section} id="robots" aria-labelledby="gallery">
        <header className={styles.head}>
          <h2 id="gallery">Pick your robot</h2>
        </header>
        <Boundary name="The gallery">
          <Suspense fallback={<Skeleton height="40rem" />}>
            <Gallery selected={robot} onSelect={choose} />
          </Suspense>
        </Boundary>
      </section>
    </>
  )
}
