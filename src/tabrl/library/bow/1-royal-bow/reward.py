def reward(s):
    return {
        # front down, rear up
        "bow": near(s.pitch, 0.4, 0.15),
        # rear legs stay as they stand
        "rear_legs": near(s.offsets("RR"), 0.0, 0.4) * near(s.offsets("RL"), 0.0, 0.4),
        # feet stay on the floor
        "planted": s.feet_down / 4,
        # keeps facing the same way
        "facing": near(s.yaw, 0.0, 0.4),
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
