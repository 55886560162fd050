"""Personal callbacks: what the script does with the answered call by the campaign's policy, and how it may end. Pure.

UCCE dials a personal callback like any other; the script that gets the answered call queues it to the agent
(services/README.md, decision 20). We state the policy in the answer and record the end that the script reports.
"""

from enum import StrEnum

MAX_AGENT_WAIT_MINUTES = 60


class PersonalPolicy(StrEnum):
    AGENT_THEN_SKILL = "agentThenSkill"  # the agent, and after the wait the skill
    AGENT_NEXT_SLOT = "agentNextSlot"  # the agent, and after the wait a later callback of the same agent


class AgentOutcome(StrEnum):
    AGENT = "agent"  # the customer spoke with the agent
    SKILL = "skill"  # the agent did not become free within the wait, and the call went to the skill
    AGENT_UNAVAILABLE = "agent_unavailable"  # likewise, and the customer is called again in the agent's next slot
