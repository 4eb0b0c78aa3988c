def reward(s):
    arc = s.home_height * (1.0 - 0.3 * jnp.sin(s.phase))
    return {
        # the body floats along a slow arc
        "float": near(s.height, arc, 0.12 * s.home_height),
        # long flight at the top
        "flight": window(s.phase, 0.5, 0.4) * near(s.feet_down, 0.0, 1.0),
        # drifts ahead
        "ahead": at_least(s.forward_speed, 0.4, 0.4),
        # goes straight
        "straight": near(s.turn_rate, 0.0, 0.5) * near(s.left_speed, 0.0, 0.3),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
