def reward(s):
    return {
        # front feet high
        "hooves": at_least(jnp.array([s.clearance("FR"), s.clearance("FL")]), 1.5 * s.home_height, 1.5 * s.home_height),
        # and they beat the air, left against right
        "paw": near(s.clearance("FR") - s.clearance("FL"), 0.3 * s.home_height * jnp.sin(s.phase), 0.2 * s.home_height),
        # the nose rises to the sky
        "rise": at_least(s.nose_up, 0.9, 1.0),
        # the body rises over the rear feet
        "high": at_least(s.height, 1.6 * s.home_height, 0.8 * s.home_height) * at_least(s.nose_up, 0.7, 0.9),
        # stays about where it is
        "here": near(s.displacement, 0.0, 2 * s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
