"""Draws the page of the documentation from the tables: `python -m trustdesk.sipedge.sip.drawing`."""

from collections.abc import Sequence

from trustdesk.sipedge.sip.states import MACHINES, Step


def drawing(steps: Sequence[Step]) -> str:
    """A table as a Mermaid state diagram and as text to read across. What is not in it is ignored."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {steps[0].before}"]
    lines += [f"    {step.before} --> {step.after}: {step.event}" for step in steps]
    left = {step.before for step in steps if step.before is not step.after}
    lines += [f"    {state} --> [*]" for state in sorted({step.after for step in steps} - left)]
    lines += ["```", "", "| in | when | then | doing | because |", "|---|---|---|---|---|"]
    for step in steps:
        deeds = ", ".join(step.deeds) or "nothing"
        lines.append(f"| {step.before} | {step.event} | {step.after} | {deeds} | {step.because} |")
    return "\n".join(lines)


def document() -> str:
    opening = (
        "# States of SIP transactions and calls\n\n"
        "Drawn from `src/trustdesk/sipedge/sip/states.py` by `python -m trustdesk.sipedge.sip.drawing`;"
        " a test compares.\nT1 is 500 ms, T2 4 s, T4 5 s. Why the layer is ours:"
        " [decision 20](../adr/0020-the-sip-layer-is-ours.md);\nwhat of each RFC it does: [RFC status](rfc-status.md)."
    )
    parts = [opening]
    parts += [f"## {title}\n\n{drawing(steps)}" for title, steps in MACHINES.items()]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - a program that writes to standard output
