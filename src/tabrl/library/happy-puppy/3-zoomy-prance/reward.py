def reward(s):
    # one diagonal pair lifts in each half of the beat
    pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])
    pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])
    lift_1 = 0.2 * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)
    lift_2 = 0.2 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)
    bounce = s.home_height * (1.0 + 0.12 * jnp.sin(2.0 * s.phase))
    wag = oscillate(s.phase, 0.18, 0.0)
    return {
        # wiggles with every step
        "wag": near(s.roll, wag, 0.08),
        # and bounces
        "bob": near(s.height, bounce, 0.07 * s.home_height),
        # diagonal pairs of feet rise and land with the clock
        "steps": 0.5 * (near(pair_1, lift_1, 0.1 * s.home_height) + near(pair_2, lift_2, 0.1 * s.home_height)),
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # keeps facing the same way
        "facing": near(s.yaw, 0.0, 0.4),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
