def reward(s):
    return {
        # the lower the front, the better, up to the bow
        "deeper": at_least(s.pitch, 0.4, 0.4),
        # front down, rear up
        "bow": near(s.pitch, 0.4, 0.15),
        # and holds still there
        "still": near(s.joint_vel, 0.0, 1.0),
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
