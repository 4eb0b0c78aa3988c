def reward(s):
    # the part of the beat that belongs to the air
    aloft = window(s.phase, 0.5, 0.35)
    return {
        # no foot on the floor
        "air": near(s.feet_down, 0.0, 0.7) * at_least(s.upright, 0.95, 0.2),
        # above its usual height
        "high": at_least(s.height, 1.35 * s.home_height, 0.35 * s.home_height),
        # crouches before it goes
        "gather": (1.0 - aloft) * near(s.height, 0.75 * s.home_height, 0.15 * s.home_height),
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
