def reward(s):
    # heading of the hand, in rad since the start
    hand = 2.5 * s.time
    return {
        # points where the sweeping hand points
        "chase": (0.5 + 0.5 * jnp.cos(s.turned - hand)),
        # turns as fast as the hand
        "pace": near(s.turn_rate, 2.5, 1.25),
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
