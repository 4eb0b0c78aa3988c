def reward(s):
    return {
        # deepest in the middle of each long beat
        "on_beat": window(s.phase, 0.2, 0.6) * (near(s.pitch, 0.4, 0.15)),
        # front down, rear up
        "bow": near(s.pitch, 0.4, 0.15),
        # rear legs stay as they stand
        "rear_legs": near(s.offsets("RR"), 0.0, 0.4) * near(s.offsets("RL"), 0.0, 0.4),
        # feet stay on the floor
        "planted": s.feet_down / 4,
        # keeps facing the same way
        "facing": near(s.yaw, 0.0, 0.4),
        # the lower the front, the better, up to the bow
        "deeper": at_least(s.pitch, 0.4, 0.4),
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
