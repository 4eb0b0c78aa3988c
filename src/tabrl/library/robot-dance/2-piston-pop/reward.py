def reward(s):
    # held between beats, free to move around them
    on_hold = window(s.phase, 0.15, 0.2) + window(s.phase, 0.65, 0.2)
    tall = s.home_height * (0.9 + 0.198 * square_wave(s.phase))
    tip = 0.132 * square_wave(s.phase, 1.57)
    return {
        # the body pops between two heights
        "pop": near(s.height, tall, 0.07 * s.home_height),
        # and nods in the other half of the beat
        "nod": near(s.pitch, tip, 0.07),
        # dead still between the snaps, like a machine
        "hold": on_hold * near(s.joint_vel, 0.0, 0.6),
        # feet stay on the floor
        "planted": s.feet_down / 4,
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
