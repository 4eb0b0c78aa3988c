def reward(s):
    # bending of the knees in diagonal pairs, in rad from home (folding is negative)
    fold_1 = jnp.array([s.offset("FR_calf_joint"), s.offset("RL_calf_joint")])
    fold_2 = jnp.array([s.offset("FL_calf_joint"), s.offset("RR_calf_joint")])
    bend_1 = -0.7 * jnp.maximum(jnp.sin(s.phase), 0.0)
    bend_2 = -0.7 * jnp.maximum(-jnp.sin(s.phase), 0.0)
    return {
        # knees fold in diagonal pairs with the clock
        "fold": (near(fold_1, bend_1, 0.2) + near(fold_2, bend_2, 0.2)),
        # chest held up
        "chest": near(s.pitch, -0.05, 0.1),
        # feet on the floor do not slide
        "grip": jnp.sum(s.foot_contact * s.foot_speed),
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
        # stands proud
        "proud": at_least(s.height, 1.03 * s.home_height, 0.2 * s.home_height),
    }
