import { useEffect, useState } from 'react'
import type { Metric } from '@/api/types'
import { LiveView } from '@/components/live/live-view'
import styles from './alone.module.css'

interface Contents {
  title: string
  policies: { name: string; folder: string; metric: Metric | null }[]
}

/** A page of its own that plays exported policies: static files, whose paths are relative. */
export function Alone() {
  const [contents, setContents] = useState<Contents | null>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  useEffect(() => {
    fetch('./contents.json')
      .then((answer) => answer.json())
      .then(setContents, () => setContents({ title: 'Nothing was exported here', policies: [] }))
  }, [])
  const all = contents?.policies ?? []
  const shown = all.filter((_, index) => chosen === null || index === chosen)
  return (
    <main className={styles.alone}>
      <h1>{contents?.title}</h1>
      {all.length > 1 && (
        <fieldset className={styles.choice}>
          <legend className="visually-hidden">Policies</legend>
          <button type="button" aria-pressed={chosen === null} onClick={() => setChosen(null)}>
            All
          </button>
          {all.map(({ name, folder }, index) => (
            <button
              key={folder}
              type="button"
              aria-pressed={index === chosen}
              onClick={() => setChosen(index)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      {shown.length > 0 && (
        <LiveView
          key={chosen}
          policies={shown.map(({ folder, ...rest }) => ({
            ...rest,
            files: new URL(folder, location.href).href,
          }))}
        />
      )}
      {all[0] && (
        <footer className={styles.foot}>
          Made with TabRL.{' '}
          <a href="./licences.txt">Licences of the robot and of the libraries in this page</a>
        </footer>
      )}
    </main>
  )
}
