"""Balancing acts."""

from tabrl.behaviours.library.base import Plan, Shelf, idea, measured, metric, term
from tabrl.behaviours.library.quadruped.parts import QUADRUPED
from tabrl.behaviours.library.terms import EFFORT, SMOOTH
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Termination

shelf = Shelf()


@shelf.primitive(
    "hind legs", "Stand on the hind legs", QUADRUPED, controls="pitch yaw height paw place"
)
def hind_legs(robot: Robot, m: Modifiers) -> Plan:
    up = term("rise: 2.0 * at_least(s.nose_up, 0.9, 1.0)", "the nose rises to the sky")
    high = term(
        """high: 2.5 * at_least(s.height, 1.6 * s.home_height, 0.8 * s.home_height)
            * at_least(s.nose_up, 0.7, 0.9)""",
        "the body rises over the rear feet",
    )
    paws = term(
        'front_feet_up: 1.0 * (1.0 - 0.5 * (s.contact("FR") + s.contact("FL")))',
        "front feet leave the floor",
    )
    end = (
        term("here: 0.2 * near(s.displacement, 0.0, 2 * s.home_height)", "stays about where it is"),
        SMOOTH,
        EFFORT,
    )
    free = Termination(min_upright=None, min_height=0.4)
    meerkat = idea(
        "Meerkat",
        "Rises on its rear feet, nose to the sky, and balances.",
        "",
        (up, high, paws, *end),
        hz=1.0,
        termination=free,
    )
    stallion = idea(
        "Stallion",
        "Rears up and beats the air with its front feet, left against right.",
        """
            # front feet high
            hooves: 1.2 * at_least(jnp.array([s.clearance("FR"), s.clearance("FL")]),
                1.5 * s.home_height, 1.5 * s.home_height)
            # and they beat the air, left against right
            paw: 0.6 * near(s.clearance("FR") - s.clearance("FL"), 0.3 * s.home_height
                * jnp.sin(s.phase), 0.2 * s.home_height)
        """,
        (up.weighing(1.5), high.weighing(1.5), *end),
        hz=1.0,
        termination=free,
    )
    balance = idea(
        "Tightrope",
        "Learns the balance: pays rear feet under the body and calm at the top.",
        """
            # still, once it is up
            under: 0.6 * near(s.lin_vel_w, 0.0, 0.4) * at_least(s.nose_up, 0.6, 0.8)
            rear_feet: 0.4 * 0.5 * (s.contact("RR") + s.contact("RL"))  # rear feet carry
        """,
        (up.weighing(1.5), high, paws, *end),
        hz=1.0,
        termination=free,
    )
    h = robot.structure.base_height
    judge = metric(
        "hind legs",
        "Does it stand on its hind legs with the front feet in the air?",
        measured("share of the time nose up", "fraction_above", "nose_up", at_least=0.5, bound=0.6),
        measured("front feet (m above the floor)", "median", "foot_height:FR", at_least=0.4 * h),
        measured("height (m)", "median", "height", at_least=1.05 * h),
    )
    return Plan(judge, (meerkat, stallion, balance))


@shelf.primitive("handstand", "Handstand", QUADRUPED, controls="pitch yaw height paw place")
def handstand(robot: Robot, m: Modifiers) -> Plan:
    down = term("tip: 2.0 * at_most(s.nose_up, -0.9, 1.0)", "the nose points to the floor")
    feet = term(
        """rear_feet_up: 1.0 * at_least(jnp.array([s.clearance("RR"), s.clearance("RL")]), 1.5
            * s.home_height, 1.5 * s.home_height)""",
        "rear feet high in the air",
    )
    high = term(
        """high: 2.5 * at_least(s.height, 1.5 * s.home_height, s.home_height)
            * at_most(s.nose_up, -0.7, 0.9)""",
        "the body rises over the front feet",
    )
    lift = term(
        'rear_free: 0.8 * (1.0 - 0.5 * (s.contact("RR") + s.contact("RL")))',
        "rear feet off the floor",
    )
    end = (
        term("here: 0.2 * near(s.displacement, 0.0, 2 * s.home_height)", "stays about where it is"),
        SMOOTH,
        EFFORT,
    )
    free = Termination(min_upright=None, min_height=0.4)
    steady = idea(
        "Acrobat",
        "Tips over its front legs and balances with its rear in the air.",
        "",
        (down, high, feet, lift, *end),
        hz=1.0,
        termination=free,
    )
    kick = idea(
        "Donkey Kick",
        "Kicks its rear feet up in each beat, a little higher each time.",
        """
            # tips up in each beat
            kick: 2.0 * window(s.phase, 0.2, 0.5) * at_most(s.nose_up, -0.7, 0.8)
        """,
        (high.weighing(2.0), feet, lift, *end),
        hz=0.6,
        termination=free,
    )
    tripod = idea(
        "Slow Press",
        "Leans forward slowly over straight front legs, height and stillness first.",
        """
            # still, once it is up
            still: 0.8 * near(s.lin_vel_w, 0.0, 0.4) * at_most(s.nose_up, -0.5, 0.7)
            front_feet: 0.5 * 0.5 * (s.contact("FR") + s.contact("FL"))  # front feet carry
        """,
        (down.weighing(1.5), high, *end),
        hz=1.0,
        termination=free,
    )
    h = robot.structure.base_height
    judge = metric(
        "handstand",
        "Does it stand on its front legs with the rear in the air?",
        measured(
            "share of the time nose down", "fraction_below", "nose_up", at_least=0.5, bound=-0.6
        ),
        measured("rear feet (m above the floor)", "median", "foot_height:RR", at_least=0.6 * h),
        measured("height (m)", "median", "height", at_least=h),
    )
    return Plan(judge, (steady, kick, tripod))
