def reward(s):
    return {
        # the body goes down to the floor
        "down": at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height),
        # and lies still there
        "quiet": near(s.joint_vel, 0.0, 0.8) * at_most(s.height, 0.35 * s.home_height, 0.65 * s.home_height),
        # goes down softly
        "soft": at_least(s.up_speed, -0.4, 0.6),
        # the back stays level
        "level": near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15),
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
