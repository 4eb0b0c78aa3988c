def reward(s):
    # one diagonal pair lifts in each half of the beat
    pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])
    pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])
    lift_1 = 0.2 * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)
    lift_2 = 0.2 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)
    return {
        # the faster round, the better, up to the goal
        "turn": at_least(1 * s.turn_rate, 2.5, 2.5),
        # diagonal pairs of feet rise and land with the clock
        "steps": 0.5 * (near(pair_1, lift_1, 0.1 * s.home_height) + near(pair_2, lift_2, 0.1 * s.home_height)),
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
