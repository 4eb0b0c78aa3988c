def reward(s):
    # a circle of the trunk: roll and pitch a quarter beat apart
    sway = oscillate(s.phase, 0.25, 0.0)
    nod = oscillate(s.phase, 0.125, 1.57)
    return {
        # the pitch follows a quarter beat later: a circle
        "pitch": near(s.pitch, nod, 0.1),
        # the trunk rolls with the clock
        "roll": near(s.roll, sway, 0.1),
        # feet stay on the floor
        "planted": s.feet_down / 4,
        # stays where it began
        "here": near(s.displacement, 0.0, s.home_height),
        # keeps facing the same way
        "facing": near(s.yaw, 0.0, 0.6),
        # does not turn away
        "no_turn": near(s.turn_rate, 0.0, 0.3),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
