def reward(s):
    # one diagonal pair lifts in each half of the beat
    pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])
    pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])
    lift_1 = 0.25 * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)
    lift_2 = 0.25 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)
    return {
        # diagonal pairs of feet rise and land with the clock
        "steps": 0.5 * (near(pair_1, lift_1, 0.1 * s.home_height) + near(pair_2, lift_2, 0.1 * s.home_height)),
        # the nearer to the asked speed, the better
        "speed": at_least(-1 * s.forward_speed, 0.5, 0.5),
        # keeps its course and its heading
        "straight": near(s.left_speed, 0.0, 0.25) * near(s.yaw, 0.0, 0.4),
        # the back stays level
        "level": near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15),
        # rides at its usual height
        "ride": near(s.height, s.home_height, 0.15 * s.home_height),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # feet on the floor do not slide
        "grip": jnp.sum(s.foot_contact * s.foot_speed),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
