def reward(s):
    return {
        # gets onto its back
        "on_its_back": at_most(s.upright, -0.7, 1.7),
        # and spins there
        "whip": at_least(1 * s.turn_rate, 3.0, 3.0) * at_most(s.upright, 0.0, 1.0),
        # legs kicking, not thrashing
        "kick": near(norm_sq(s.joint_vel), 80.0, 80.0),
        # stays on its mat
        "here": near(s.displacement, 0.0, 2 * s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
