def reward(s):
    wag = oscillate(s.phase, 0.18, 0.0)
    return {
        # front down, rear up: come and play
        "play_bow": near(s.pitch, 0.25, 0.12),
        # the rear wags from side to side
        "wag": near(s.roll, wag, 0.08),
        # small bounces while it waits
        "bob": near(s.up_speed, 0.2 * jnp.sin(2.0 * s.phase), 0.1),
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
