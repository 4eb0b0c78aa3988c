def reward(s):
    # mean clearance of each side's feet, in m, and the way they take turns
    high_left = 0.5 * (s.clearance("FL") + s.clearance("RL"))
    high_right = 0.5 * (s.clearance("FR") + s.clearance("RR"))
    flare = 0.125 * s.home_height * (1.0 + jnp.sin(s.phase))
    # how well each side follows the wave, the right side half a beat later
    left = near(high_left, flare, 0.1 * s.home_height)
    right = near(high_right, 0.25 * s.home_height - flare, 0.1 * s.home_height)
    return {
        # pivots
        "whip": at_least(1 * s.turn_rate, 3.0, 3.0),
        # left and right legs fly in turn
        "flare": (left + right),
        # close to the floor
        "low": near(s.height, 0.6 * s.home_height, 0.25 * s.home_height),
        # stays on its mat
        "here": near(s.displacement, 0.0, 2 * s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
