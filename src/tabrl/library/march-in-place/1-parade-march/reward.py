def reward(s):
    # one diagonal pair lifts in each half of the beat
    pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])
    pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])
    lift_1 = 0.35 * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)
    lift_2 = 0.35 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)
    return {
        # diagonal pairs of feet rise and land with the clock
        "steps": 0.5 * (near(pair_1, lift_1, 0.1 * s.home_height) + near(pair_2, lift_2, 0.1 * s.home_height)),
        # the back stays level
        "level": near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15),
        # rides at its usual height
        "ride": near(s.height, s.home_height, 0.15 * s.home_height),
        # feet on the floor do not slide
        "grip": jnp.sum(s.foot_contact * s.foot_speed),
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
        # stands proud
        "proud": at_least(s.height, 1.03 * s.home_height, 0.2 * s.home_height),
    }
