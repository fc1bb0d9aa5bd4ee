"""What to say next: the plan of a case, answers to questions, summaries.

Everything here is decided by the data in ``knowledge/guidance``; this package
only matches, orders and pages it. The wording lives in ``data/responses``.
"""

from wenzhu.guidance.answers import answer, fears_question
from wenzhu.guidance.plan import Plan, Step, plan, without_buttons
from wenzhu.guidance.reading import dispute, reading
from wenzhu.guidance.summary import forward, resume, show, standing
from wenzhu.guidance.turns import (
    Turn,
    acknowledge,
    after_facts,
    calm,
    choices,
    corrected,
    next_step,
    of_fears,
)

__all__ = [
    "Plan",
    "Step",
    "Turn",
    "acknowledge",
    "after_facts",
    "answer",
    "calm",
    "choices",
    "corrected",
    "dispute",
    "fears_question",
    "forward",
    "next_step",
    "of_fears",
    "plan",
    "reading",
    "resume",
    "show",
    "standing",
    "without_buttons",
]
