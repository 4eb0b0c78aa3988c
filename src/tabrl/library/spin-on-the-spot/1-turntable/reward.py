def reward(s):
    return {
        # the faster round, the better, up to the goal
        "turn": at_least(1 * s.turn_rate, 2.5, 2.5),
        # stays on its spot
        "here": near(s.displacement, 0.0, s.home_height),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # the back stays level
        "level": near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
