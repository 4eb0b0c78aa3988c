def reward(s):
    # one diagonal pair lifts in each half of the beat
    pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])
    pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])
    lift_1 = 0.5 * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)
    lift_2 = 0.5 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)
    return {
        # light bobbing of the body
        "bob": near(s.height, s.home_height * (1.05 + 0.15 * jnp.cos(2.0 * s.phase)), 0.08 * s.home_height),
        # diagonal pairs of feet rise and land with the clock
        "steps": 0.5 * (near(pair_1, lift_1, 0.1 * s.home_height) + near(pair_2, lift_2, 0.1 * s.home_height)),
        # drifts ahead
        "ahead": at_least(s.forward_speed, 0.4, 0.4),
        # comes down softly
        "soft": at_least(s.up_speed, -0.5, 1.0),
        # goes straight
        "straight": near(s.turn_rate, 0.0, 0.5) * near(s.left_speed, 0.0, 0.3),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
