import { useQuery } from '@tanstack/react-query'
import { type DragEvent, type FormEvent, useRef, useState } from 'react'
import { type Given, menagerieQuery } from '@/api/own-robots'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Notice } from '@/components/ui/notice'
import { classes } from '@/lib/classes'
import type { Packed } from '@/lib/zip'
import { chosen, dropped, fitting } from './gather'
import styles from './panel.module.css'

const OF_FOLDERS = { webkitdirectory: '' } // React's types know nothing of it

type Give = { onGiven: (given: Given) => void }

/** What a robot is to be made of: files, or a name of MuJoCo Menagerie. */
export function Choose({ onGiven }: Give) {
  return (
    <div className={styles.halves}>
      <Files onGiven={onGiven} />
      <Menagerie onGiven={onGiven} />
    </div>
  )
}

function Files({ onGiven }: Give) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [trouble, setTrouble] = useState('')

  function take(given: Packed[] | Promise<Packed[]>) {
    setTrouble('')
    Promise.resolve(given)
      .then(fitting)
      .then(onGiven)
      .catch((error) => setTrouble(error instanceof Error ? error.message : String(error)))
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    take(dropped(event.dataTransfer))
  }

  const input = {
    type: 'file',
    multiple: true,
    hidden: true,
    onChange: (event: { target: HTMLInputElement }) => {
      if (event.target.files?.length) take(chosen(event.target.files))
      event.target.value = '' // the same file may be chosen again, once it is mended
    },
  } as const

  return (
    <section className={styles.half} aria-label="From your files">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it do the same */}
      <div
        className={classes(styles.drop, over && styles.over)}
        data-drop
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="download" size={34} />
        <strong>Drop a file, a folder or a zip</strong>
        <p className={styles.soft}>MJCF or URDF, with the meshes that it names</p>
        <div className={styles.row}>
          <Button onClick={() => files.current?.click()}>Choose files</Button>
          <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
        </div>
        <input ref={files} {...input} aria-label="Files of a robot" />
        <input ref={folder} {...input} {...OF_FOLDERS} aria-label="Folder of a robot" />
      </div>
      {trouble && <Notice tone="fail" title="That is no robot yet" detail={trouble} />}
      <p className={styles.soft}>It stays on the machine that runs this studio.</p>
    </section>
  )
}

function Menagerie({ onGiven }: Give) {
  const { data } = useQuery(menagerieQuery)
  const [name, setName] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim()) onGiven({ menagerie: name.trim() })
  }

  return (
    <section className={styles.half} aria-label="From MuJoCo Menagerie">
      <h3>Or one of MuJoCo Menagerie</h3>
      {data?.missing ? (
        <Notice tone="review" title="Its robots are not here yet">
          <p>
            They come by a package of DeepMind’s. Where TabRL is installed, run{' '}
            <code>{data.missing}</code>, and open this again. Or download a robot’s folder from
            MuJoCo Menagerie on GitHub, and drop it here.
          </p>
        </Notice>
      ) : (
        <>
          <ul className={styles.row} aria-label="Robots to begin with">
            {data?.heroes.map((hero) => (
              <li key={hero.name}>
                <Button size="small" onClick={() => onGiven({ menagerie: hero.name })}>
                  {hero.title}
                </Button>
              </li>
            ))}
          </ul>
          <form className={styles.name} onSubmit={submit}>
            <label htmlFor="menagerie">Its name there</label>
            <input
              id="menagerie"
              list="menagerie-names"
              value={name}
              maxLength={80}
              pattern="\w+"
              placeholder="universal_robots_ur10e"
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
            <datalist id="menagerie-names">
              {data?.names.map((known) => (
                <option key={known} value={known} />
              ))}
            </datalist>
            <Button type="submit" icon="plus">
              Add
            </Button>
          </form>
          <p className={styles.soft}>
            It is downloaded once, {data ? `one of ${data.names.length}` : 'by its name'}; its
            licence is shown and kept.
          </p>
        </>
      )}
    </section>
  )
}
