import type { Approach, Experiment, Point } from './types'

/** Values for tests: complete, so that the compiler sees what the API's types gain. */
export function anApproach(fields: Partial<Approach> = {}): Approach {
  return {
    id: '1-aloha-roll',
    job_id: null,
    provider: 'builtin',
    looks: '',
    name: 'Aloha Roll',
    description: 'The trunk rolls.',
    prompts: '',
    source: 'def reward(s):\n    return {"roll": s.roll}\n',
    weights: { roll: 2 },
    clock_hz: 1.5,
    command: [0, 0, 0],
    termination: { min_upright: 0.3, min_height: 0.5 },
    status: 'ready',
    phase: 'queued',
    findings: [],
    terms: ['roll'],
    pays: {},
    num_steps: null,
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
    error: null,
    queue: null,
    origin: null,
    files: {
      video_id: null,
      clip: null,
      poster: null,
      trajectory: null,
      policy: null,
      previews: [],
    },
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

export function anExperiment(fields: Partial<Experiment> = {}): Experiment {
  return {
    id: 'q3X9vA7bT0kE',
    sentence: 'Keep shaking your hips aloha dude!',
    robot: 'Go1JoystickFlatTerrain',
    robot_name: 'Go1',
    title: 'Hip shake',
    note: '',
    seed: 0,
    preset: 'quick',
    provider: 'builtin',
    steps: null,
    steps_per_s: null,
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
    share_id: null,
    read_only: false,
    votes: {},
    report: null,
    approaches: [anApproach()],
    usage: {},
    my_vote: null,
    ...fields,
  }
}
