def reward(s):
    # sideways way of the body to follow, in m, and its speed, in m/s
    sway = 0.225 * s.home_height * jnp.sin(s.phase)
    rush = 1.27 * s.home_height * jnp.cos(s.phase)
    return {
        # the body glides sideways with the clock
        "glide": near(s.displacement[1], sway, 0.15 * s.home_height),
        # at the speed of the beat
        "pace": near(s.left_speed, rush, 0.15),
        # the back stays level, so that the legs must swing
        "level": near(s.roll, 0.0, 0.15),
        # feet stay on the floor
        "planted": s.feet_down / 4,
        # rides at its usual height
        "ride": near(s.height, s.home_height, 0.15 * s.home_height),
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
