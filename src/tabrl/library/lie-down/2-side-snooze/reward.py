def reward(s):
    return {
        # tips onto a side
        "on_its_side": at_least(jnp.abs(s.left_up), 0.8, 0.8),
        # the body goes down to the floor
        "down": at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height),
        # and lies still there
        "quiet": near(s.joint_vel, 0.0, 0.8) * at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height),
        # goes down softly
        "soft": at_least(s.up_speed, -0.4, 0.6),
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
