"""`python -m deploy.cvp.ivr_demo` (`make ivr-demo`): play the IVR's dialogue against the running system.

The flat calls are sent as a CVP application sends them, and shown; digits are typed, or given with --digits.
"""

import argparse
import secrets
import sys
from collections.abc import Callable, Iterable, Sequence

import requests

from deploy.cvp.dialogue import Dialogue, ToQueue
from deploy.cvp.ivr_calls import IvrCalls
from deploy.sandbox import demo_env, signals

EPILOG = """\
digits, menu by menu: 1 English or 2 Spanish; 1 to be called at --phone; a slot, 1 to 5; 1 to confirm:
  make ivr-demo ARGS='--digits 1,1,1,1'
  make ivr-demo ARGS='--digits 2,2,3125550142#,7,1,1'      Spanish, another number, mornings only
  make ivr-demo ARGS='--url https://callbacks.cc.example --client cvp --key ... --skill Billing'
"""


class DigitsEnded(Exception):
    """--digits has no more digits for the next menu."""


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    env = demo_env.read(signals.var_directory())
    url = arguments.url or env.get("CM_URL")
    if not url:
        sys.exit(f"No system was started from {signals.var_directory()}: start one with `make run`, or give --url.")
    key = arguments.key or env.get("CM_IVR_KEY")
    if not key:
        sys.exit("There is no API key: give --key, of an API client with the scope ivr (portal, API clients).")
    _check_runs(url.rstrip("/"), arguments.ca_file)
    show = (lambda line: None) if arguments.quiet else (lambda line: print(f"      | {line}"))
    calls = IvrCalls(url.rstrip("/"), arguments.client, key, arguments.ca_file, show)
    keypad = _given(arguments.digits.split(",")) if arguments.digits else _typed
    dialogue = Dialogue(calls, arguments.skill or env.get("CM_DEMO_SKILL", ""), arguments.phone,
                        f"demo-{secrets.token_hex(6)}", lambda text: print(f"IVR:  {text}"), keypad,
                        arguments.agent)  # fmt: skip
    try:
        sys.exit(_call(dialogue))
    except DigitsEnded:
        sys.exit("The digits of --digits ended here: the caller says nothing more.")
    except (KeyboardInterrupt, EOFError):
        dialogue.calls.post("decline", skill=dialogue.skill, callId=dialogue.call_id, outcome="abandoned")
        sys.exit("\nThe caller hung up.")


def _call(dialogue: Dialogue) -> int:
    """One call from its first menu to what the ICM script does; the exit status."""
    print(f"A caller of {dialogue.skill} waits. Call id {dialogue.call_id}.\n")
    try:
        dialogue.choose_language()
        booked = dialogue.offer_and_book()
    except ToQueue as end:
        if end.result == "declined":
            dialogue.decline()
        print(f"\nICM:  FromExtVXML[0] = {end.result}: " + ("Release Call." if end.result == "booked" else
              f"Queue to Skill Group {dialogue.skill}."))  # fmt: skip
        return 0 if end.result in ("declined", "booked") else 1
    account_number = booked["accountNumber"]
    print(f"\nICM:  FromExtVXML[0] = booked, [1] = {account_number}: Release Call.")
    print("\nLater UCCE dials, the customer answers, and the route point's script fetches the callback:\n")
    return _answered(dialogue, account_number)


def _answered(dialogue: Dialogue, account_number: str) -> int:
    fetched = dialogue.fetch(f"{account_number}-01")
    if fetched["result"] != "ok":
        print(f"\nICM:  FromExtVXML[0] = {fetched['result']}: Queue to Skill Group of the route point.")
        return 1
    if fetched["agentId"]:
        then = {"agentNextSlot": "report agent_unavailable: the agent's next slot"}
        print(f"\nICM:  Queue to Agent {fetched['agentId']} for {fetched['agentWaitSeconds']} s, then "
              + then.get(fetched["agentPolicy"], f"Queue to Skill Group {fetched['skill']}") + ".")  # fmt: skip
    else:
        print(f"\nICM:  Queue to Skill Group {fetched['skill']}.")
    return 0


def _check_runs(url: str, ca_file: str | None) -> None:
    try:
        requests.get(f"{url}/health/live", timeout=5, verify=ca_file or True)
    except requests.exceptions.SSLError:
        sys.exit(f"The certificate of {url} is not trusted: give its authority with --ca-file.")
    except (requests.RequestException, OSError) as error:
        sys.exit(f"Nothing answers at {url} ({type(error).__name__}): start the system with `make run`, or give --url.")


def _typed() -> str:
    return input("      > ").strip()


def _given(digits: Iterable[str]) -> Callable[[], str]:
    remaining = iter(digits)

    def press() -> str:
        for digit in remaining:
            print(f"      > {digit.strip()}")
            return digit.strip()
        raise DigitsEnded

    return press


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make ivr-demo, python -m deploy.cvp.ivr_demo", description=__doc__, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument(
        "--digits", help="what the caller presses, menu by menu, with commas between; else they are typed"
    )
    parser.add_argument("--phone", default="3125550142", help="the caller's number; '' for a caller without one")
    parser.add_argument("--agent", default="", help="book a personal callback, for this agent")
    parser.add_argument("--skill", help="whose queue the caller waits in (default: the demo's)")
    parser.add_argument("--url", help="of the load balancer (default: the system that runs from var/)")
    parser.add_argument("--client", default="demo-ivr", help="name of the API client (default: demo-ivr)")
    parser.add_argument("--key", help="its key (default: the demo's)")
    parser.add_argument("--ca-file", help="whose certificates to trust at an https address (PEM)")
    parser.add_argument("--quiet", action="store_true", help="do not show the calls and their answers")
    return parser


if __name__ == "__main__":
    main()
