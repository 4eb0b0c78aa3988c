def reward(s):
    return {
        # whips round fast
        "whip": at_least(1 * s.turn_rate, 3.0, 3.0),
        # rocking its shoulders to the beat
        "rock": near(s.roll, oscillate(s.phase, 0.25, 0.0), 0.12),
        # close to the floor
        "low": near(s.height, 0.6 * s.home_height, 0.25 * s.home_height),
        # stays on its mat
        "here": near(s.displacement, 0.0, 2 * s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
