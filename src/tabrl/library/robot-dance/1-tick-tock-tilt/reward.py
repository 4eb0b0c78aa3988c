def reward(s):
    # held between beats, free to move around them
    on_hold = window(s.phase, 0.15, 0.2) + window(s.phase, 0.65, 0.2)
    pose = 0.22 * square_wave(s.phase)
    return {
        # the trunk snaps to the pose of this half beat
        "snap": near(s.roll, pose, 0.08),
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
