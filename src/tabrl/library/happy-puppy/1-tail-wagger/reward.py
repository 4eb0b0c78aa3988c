def reward(s):
    bounce = s.home_height * (1.0 + 0.12 * jnp.sin(2.0 * s.phase))
    wag = oscillate(s.phase, 0.18, 0.0)
    return {
        # the rear wags from side to side
        "wag": near(s.roll, wag, 0.08),
        # the body bobs up and down twice a beat
        "bounce": near(s.height, bounce, 0.07 * s.home_height),
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
