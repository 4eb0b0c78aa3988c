const PATHS = {
  play: 'M7 4.5v15l12.5-7.5z',
  pause: 'M7 4.5h3.5v15H7zM13.5 4.5H17v15h-3.5z',
  reset: 'M5 5v14M19 5.5v13L8.5 12z',
  loop: 'M17 3l3.5 3.5L17 10M20 6.5H7.5a4 4 0 0 0-4 4v.5M7 21l-3.5-3.5L7 14M4 17.5h12.5a4 4 0 0 0 4-4V13',
  back: 'M14.5 6L8.5 12l6 6M18.5 5.5v13',
  forward: 'M9.5 6l6 6-6 6M5.5 5.5v13',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  share: 'M12 15V4M8 7.5L12 3.5l4 4M5 12v7.5h14V12',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  trash: 'M4 7h16M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  check: 'M5 12.5l4.5 4.5L19 7',
  cross: 'M6 6l12 12M18 6L6 18',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M5 19l1.7-1.7M17.3 6.7L19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  auto: 'M12 3.5a8.5 8.5 0 1 0 0 17zM12 3.5a8.5 8.5 0 0 1 0 17',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  spark: 'M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  mute: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  crown: 'M3.5 7.5l4.5 4.5 4-7 4 7 4.5-4.5-2 11.5h-13z',
  heart: 'M12 20S4 14.8 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 14.8 12 20 12 20z',
  fork: 'M7 4v5a4 4 0 0 0 4 4h2a4 4 0 0 0 4-4V4M12 13v7',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-4 3.800-6 7.500-6s6.700 2 7.500 6',
  people:
    'M9 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM2.500 19.500c.6-3.600 3-5.300 6.500-5.300s5.900 1.700 6.500 5.300M15.500 5.500a3.200 3.200 0 0 1 0 6.200M17.500 14.700c2.200.6 3.500 2.200 4 4.800',
  key: 'M8 9.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 11l8.500-6.500M16.500 7l2.500 3.200',
  box: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  plus: 'M12 5v14M5 12h14',
  down: 'M6 9.5l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  left: 'M15 6l-6 6 6 6',
  retry: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4',
  undo: 'M8.5 5L4 9.500l4.500 4.500M4.500 9.500H14a5.500 5.500 0 0 1 0 11h-3',
  stop: 'M6.5 6.5h11v11h-11z',
  report: 'M6 3.5h8l4.5 4.5v12.5H6zM9 12.5h6M9 16h6',
  more: 'M5 10.6a1.4 1.4 0 1 0 .1 0zM12 10.6a1.4 1.4 0 1 0 .1 0zM19 10.6a1.4 1.4 0 1 0 .1 0z',
  warning: 'M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.2',
  paw: 'M12 12c-2.6 0-5 2.7-5 5.2 0 1.8 1.4 2.8 3 2.4 1.300-.4 2.700-.4 4 0 1.600.4 3-.6 3-2.400C17 14.700 14.600 12 12 12zM6 8.500a1.600 2 0 1 0 .1 0zM18 8.500a1.600 2 0 1 0 .1 0zM9.500 4a1.600 2.100 0 1 0 .1 0zM14.500 4a1.600 2.100 0 1 0 .1 0z',
} as const

const FILLED: readonly string[] = ['play', 'pause', 'stop', 'spark']

export type IconName = keyof typeof PATHS

/** A drawn sign; it says nothing to a screen reader, so its neighbour must. */
export function Icon({
  name,
  size = 20,
  filled,
}: {
  name: IconName
  size?: number
  filled?: boolean
}) {
  const fill = filled ?? FILLED.includes(name)
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" style={{ flex: 'none' }}>
      <path
        d={PATHS[name]}
        fill={fill ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
