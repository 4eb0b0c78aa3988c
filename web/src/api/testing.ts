import type {
  Action,
  AdditionStatus,
  Approach,
  Choice,
  Choices,
  Commands,
  CustomRobot,
  Experiment,
  PlannedTraining,
  Point,
  Reading,
} from './types'

/** Values for tests: complete, so that the compiler sees what the API's types gain. */
export function anApproach(fields: Partial<Approach> = {}): Approach {
  return {
    id: '1-aloha-roll',
    job_id: null,
    provider: 'builtin',
    model: '',
    repairs: 0,
    stands_in_for: '',
    looks: '',
    name: 'Aloha Roll',
    description: 'The trunk rolls.',
    prompts: '',
    source: 'def reward(s):\n    return {"roll": s.roll}\n',
    weights: { roll: 2 },
    proposed_weights: {},
    pose: {},
    clock_hz: 1.5,
    command: [0, 0, 0],
    script: [],
    termination: { min_upright: 0.3, min_height: 0.5 },
    status: 'ready',
    phase: 'queued',
    findings: [],
    terms: ['roll'],
    term_means: {},
    num_steps: null,
    max_steps: null,
    goal: null,
    step: 0,
    steps_per_s: null,
    seconds_left: null,
    progress: 0,
    timings: {},
    curve: [],
    metric: null,
    verdict: null,
    base_verdict: null,
    numbers: { trained: {}, base: {} },
    reasons: [],
    reached: [],
    gained: [],
    version: 1,
    versions: [],
    robustness: [],
    note: '',
    error: null,
    where: '',
    cost_usd: null,
    queue: null,
    stopping: false,
    meanings: {},
    origin: null,
    files: {
      video_id: null,
      clip: null,
      poster: null,
      trajectory: null,
      model: null,
      policy: null,
      previews: [],
    },
    ...fields,
  }
}

export function aPlannedTraining(fields: Partial<PlannedTraining> = {}): PlannedTraining {
  const parts = { check: 12, start: 30, train: 120, film: 18 }
  return {
    steps: 645_120,
    max_steps: 1_290_240,
    simulations: 512,
    iterations: 63,
    estimate: { seconds: 180, parts, at_most_s: 300, guess: false },
    trouble: '',
    ...fields,
  }
}

export function aPoint(step: number): Point {
  return {
    step,
    episode_return: step,
    episode_length: 500,
    terms: {},
    numbers: {},
    verdict: null,
  }
}

export function someCommands(fields: Partial<Commands> = {}): Commands {
  return {
    provider: 'builtin',
    prompts: '',
    name: 'As told',
    description: 'Walks and turns.',
    note: '',
    moves: [
      { seconds: 2, forward: 0.8, left: 0, turn: 0 },
      { seconds: 1.57, forward: 0, left: 0, turn: 1 },
    ],
    steps: ['2.0 s forward at 0.8 m/s', '1.6 s turning left at 1 rad/s'],
    status: 'finished',
    progress: 1,
    timings: {},
    metric: null,
    verdict: null,
    numbers: {},
    reasons: [],
    error: null,
    video_id: null,
    clip: null,
    poster: null,
    ...fields,
  }
}

export function anAction(fields: Partial<Action> = {}): Action {
  return {
    do: 'walk',
    part: null,
    side: null,
    direction: null,
    count: null,
    distance_m: null,
    angle_rad: null,
    speed_mps: null,
    turn_rate: null,
    tempo_hz: null,
    height: null,
    manner: [],
    negated: false,
    ...fields,
  }
}

export function aReading(fields: Partial<Reading> = {}): Reading {
  return {
    language: 'en',
    sure: true,
    unread: [],
    refers_to: null,
    note: '',
    parts: [{ seconds: null, actions: [anAction()] }],
    alternatives: [],
    ...fields,
  }
}

const aChoice = (name: string, label = name): Choice => ({ name, label, means: '' })

export function someChoices(fields: Partial<Choices> = {}): Choices {
  const degrees = 180 / Math.PI
  return {
    verbs: ['walk', 'wave', 'sit', 'turn'].map((name) => aChoice(name)),
    parts: ['head', 'front leg'].map((name) => aChoice(name)),
    sides: [aChoice('left'), aChoice('right'), aChoice('both', 'left and right')],
    directions: [
      aChoice('forward'),
      aChoice('left', 'to the left'),
      aChoice('right', 'to the right'),
    ],
    heights: ['low', 'high'].map((name) => aChoice(name)),
    manners: ['slow', 'proud'].map((name) => aChoice(name)),
    measures: [
      {
        name: 'distance_m',
        asks: 'how far',
        said: '{} m',
        said_of: {},
        factor: 1,
        usual: 1,
        whole: false,
      },
      {
        name: 'angle_rad',
        asks: 'how far round',
        said: '{} degrees',
        said_of: {},
        factor: degrees,
        usual: 90,
        whole: false,
      },
      {
        name: 'count',
        asks: 'how often',
        said: '{} times',
        said_of: {},
        factor: 1,
        usual: 2,
        whole: true,
      },
      {
        name: 'seconds',
        asks: 'how long',
        said: 'for {} s',
        said_of: {},
        factor: 1,
        usual: 3,
        whole: false,
      },
    ],
    ...fields,
  }
}

export function anExperiment(fields: Partial<Experiment> = {}): Experiment {
  return {
    id: 'q3X9vA7bT0kE',
    sentence: 'Keep shaking your hips aloha dude!',
    reading: null,
    robot: 'Go1JoystickFlatTerrain',
    robot_name: 'Go1',
    title: 'Hip shake',
    note: '',
    seed: 0,
    preset: 'quick',
    provider: 'builtin',
    steps: null,
    estimate: null,
    took_s: null,
    base_policy: 'go1',
    randomize: false,
    hyperparameters: {} as Experiment['hyperparameters'],
    status: 'draft',
    created: '2026-01-01T00:00:00Z',
    timings: {},
    versions: {},
    machine: {},
    parent: null,
    errors: [],
    proposing: [],
    commands: null,
    share_id: null,
    read_only: false,
    votes: {},
    winner: null,
    report: null,
    approaches: [anApproach()],
    usage: {},
    my_vote: null,
    visibility: 'private',
    hidden: false,
    by: '',
    parent_by: '',
    licence: '',
    ...fields,
  }
}

export function anAddition(fields: Partial<AdditionStatus> = {}): AdditionStatus {
  return {
    id: 'mC9xQ2vLw0aT',
    source: 'rex.xml',
    state: 'waiting',
    stage: 'Starting',
    progress: null,
    robot: null,
    error: null,
    hint: null,
    choices: [],
    ...fields,
  }
}

export function aCustomRobot(fields: Partial<CustomRobot> = {}): CustomRobot {
  return {
    id: 'rex',
    name: 'Rex',
    type: 'quadruped',
    maker: null,
    category: 'custom',
    dof: 12,
    description: 'One of your own.',
    base_policy: false,
    thumbnail: '/t',
    preview: null,
    source: 'rex.xml',
    mass: 5.32,
    height: 0.26,
    floats: true,
    feet: ['FR', 'FL', 'RR', 'RL'],
    hands: [],
    groups: [{ name: 'hips', joints: ['FR_hip'] }],
    forward: 'x',
    notes: ['It had no floor, so it got one.'],
    prompts: ['Spin on the spot'],
    said: { kind: null, forward: null, base: null },
    kinds: ['quadruped', 'other'],
    ways: ['x', '-x', 'y', '-y'],
    bases: [],
    fixed_since: null,
    ...fields,
  }
}
