def reward(s):
    # one diagonal pair lifts in each half of the beat
    pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])
    pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])
    up_1 = at_least(pair_1, 0.28 * s.home_height, 0.28 * s.home_height) * jnp.maximum(jnp.sin(s.phase), 0.0)
    up_2 = at_least(pair_2, 0.28 * s.home_height, 0.28 * s.home_height) * jnp.maximum(-jnp.sin(s.phase), 0.0)
    down_1 = 0.5 * (s.contact("FR") + s.contact("RL"))
    down_2 = 0.5 * (s.contact("FL") + s.contact("RR"))
    lead = square_wave(s.phase)
    return {
        # one pair up high while the other stands
        "carry": (up_1 * down_2 + up_2 * down_1),
        # the pair on the beat is the higher one
        "turns": lead * (jnp.mean(pair_1) - jnp.mean(pair_2)) / (0.3 * s.home_height),
        # the back stays level
        "level": near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15),
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
