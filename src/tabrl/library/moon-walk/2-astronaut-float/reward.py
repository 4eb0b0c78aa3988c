def reward(s):
    return {
        # feet stay long in the air
        "air_time": at_least(s.foot_air_time, 0.35, 0.35),
        # all of them together
        "lift_off": near(s.feet_down, 0.0, 1.0),
        # drifts ahead
        "ahead": at_least(s.forward_speed, 0.4, 0.4),
        # comes down softly
        "soft": at_least(s.up_speed, -0.5, 1.0),
        # goes straight
        "straight": near(s.turn_rate, 0.0, 0.5) * near(s.left_speed, 0.0, 0.3),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
