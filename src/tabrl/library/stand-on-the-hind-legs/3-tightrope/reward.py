def reward(s):
    return {
        # still, once it is up
        "under": near(s.lin_vel_w, 0.0, 0.4) * at_least(s.nose_up, 0.6, 0.8),
        # rear feet carry
        "rear_feet": 0.5 * (s.contact("RR") + s.contact("RL")),
        # the nose rises to the sky
        "rise": at_least(s.nose_up, 0.9, 1.0),
        # the body rises over the rear feet
        "high": at_least(s.height, 1.6 * s.home_height, 0.8 * s.home_height) * at_least(s.nose_up, 0.7, 0.9),
        # front feet leave the floor
        "front_feet_up": (1.0 - 0.5 * (s.contact("FR") + s.contact("FL"))),
        # stays about where it is
        "here": near(s.displacement, 0.0, 2 * s.home_height),
        # even changes of the joint targets
        "smooth": s.action_rate,
        # no more power than it takes
        "effort": s.power,
    }
