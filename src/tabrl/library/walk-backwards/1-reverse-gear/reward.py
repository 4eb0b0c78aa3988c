def reward(s):
    return {
        # the nearer to the asked speed, the better
        "speed": at_least(-1 * s.forward_speed, 0.5, 0.5),
        # keeps its course and its heading
        "straight": near(s.left_speed, 0.0, 0.25) * near(s.yaw, 0.0, 0.4),
        # the back stays level
        "level": near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15),
        # rides at its usual height
        "ride": near(s.height, s.home_height, 0.15 * s.home_height),
        # stays on its feet
        "up": at_least(s.upright, 0.9, 0.5),
        # feet on the floor do not slide
        "grip": jnp.sum(s.foot_contact * s.foot_speed),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
