def reward(s):
    # the part of the beat that belongs to the air
    aloft = window(s.phase, 0.5, 0.35)
    spring = -1.98 * s.home_height * jnp.cos(s.phase)
    return {
        # vertical speed of a body on a spring
        "push": near(s.up_speed, spring, 0.5),
        # all feet clear the floor together
        "together": aloft * at_least(s.foot_height, 0.2 * s.home_height, 0.2 * s.home_height),
        # all feet leave the floor in the second half of the beat
        "fly": aloft * near(s.feet_down, 0.0, 1.0),
        # lands as level as it left
        "flat": near(s.pitch, 0.0, 0.2) * near(s.roll, 0.0, 0.2),
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
