"""The documentation page of the checks, written from their list."""

from tavola.core import limits
from tavola.edge.doctor.examination import PAUSES_S
from tavola.flows.doctor.check import Check
from tavola.flows.doctor.checks import CHECKS

_INTRODUCTION = f"""# Doctor

`tavola doctor` looks at every item of a store and at what must be true of several of them. It names
what is wrong, says what that means and what to do, and with `--fix` mends what has one right
answer. The exit code is 0 when everything is right, 1 when something is wrong.

```sh
tavola doctor                 # look; also beside a running server
tavola doctor --fix           # mend, look again, show the rest
tavola doctor --cognito       # also compare handles with the user pool of the setting `issuer`
tavola doctor --postgres      # also with the table of the setting `postgres_url`, or of a URL
tavola doctor --aws STAGE     # instead: what `make deploy` has made on AWS, see below
tavola doctor --json          # for programs; each finding with a stable code
tavola doctor --all           # every finding, not only the first {limits.DOCTOR_TOLD} of a kind
```

## What it does first

What the change feed has still to do is nothing wrong. So the feed catches up first, for at most
`--wait` seconds ({limits.DOCTOR_WAIT_S:.0f}):

- An embedded store that nobody has open is opened, and its feed does what a crash may have left.
- Beside a running server, doctor only reads, and waits for the server's feed.
- A table on DynamoDB is followed by doctor itself when it may write there: with `--fix`, with
  `--yes NAME`, or on loopback; unless a worker is at work, who does it anyway. Else doctor only
  reads, and says so when no worker is there.

A note tells when the feed did not catch up, or has set changes aside: what should have followed
from these may be told as wrong. Notes do not change the exit code.

## How it looks

A scan says what there is; memory holds a few pages of it, the numbers that logs lack, and what
seems wrong. Each user, group and conversation is then examined by strongly consistent reads of
whatever it must agree with. A scan may be behind, and somebody may write between two reads, so
whatever seems wrong is read again up to {limits.DOCTOR_LOOKS} times, each time a little
later, {sum(PAUSES_S):.1f} seconds in all. Told is what was wrong each time, in the
same words: an old name that is another old name the next time is on its way. A write
under way is no finding; neither is a message whose pointers the feed is just about to move. Where
nobody else can write, there is no pause.

Of an item that fails several checks, and of what follows from it, the first check of the list below
is told. After {limits.DOCTOR_FINDINGS_MAX:,} findings the examination stops: mend these, and look
again.

On DynamoDB a scan costs half a unit for each started 4 KB, and each user, membership and pointer a
unit or a few. `--segments 8` reads faster, `--rate N` slower, at most N items a second.

## How it mends

Every repair is a conditional write: whoever changes the same thing meanwhile wins, and the next
look says what is left. What was mended is told, and everything is looked at again, up to
{limits.DOCTOR_ROUNDS_MAX} times, because a repair may show what stood behind. Repeating it finishes
what was interrupted. `--dry-run` writes nothing, as without `--fix`.

Stop the server of an embedded store first. A table's servers and workers may run.

**Of two halves, the one that decides is right.** Who is a member says `GroupUser`; who signs in
says `Identity`. The other half, under the user, only makes things findable. So it is written where
it is missing, and removed where it stands alone. Making up the deciding half would let somebody
into a conversation, or into an account, on the strength of a list: nobody could say with which
role, or how far back they may read. Who should be a member after all is added again.

What is only what the feed writes (inboxes, copied names, markers) is found as `tavola feed rebuild`
finds it, and mended with its writes.
"""

_TABLE = """## The checks of the table

In the order in which they are told. In `--json` each has its `code`, its `count` and its
`findings`, each of these with `pk`, `sk`, `detail` and `others`: further items that are part of it.
"""

_ELSEWHERE = """## The checks of people elsewhere

A section of the report for each place that is asked for. People are matched by the link that signs
them in, never by their handles. Who has no handle there, or is nobody here yet, is no finding.
"""


_DEPLOYED = """## The checks of a deployment

`tavola doctor --aws STAGE --region REGION` looks at the stack `tavola-STAGE` and at what it
consists of. Items are not looked at: this takes seconds, costs nothing to speak of, and works when
the table cannot be opened. Run `tavola doctor` on the table as well.

It asks CloudFormation what belongs to the stack, and each part how it is; the API is asked for its
own description, the issuer for its keys. Nothing is written, and nothing is mended by `--fix`: each
check says by which command it is. No secret is read, only whether it is there. Without `--region`
it is `AWS_REGION`, or the region of the store. Which permissions it needs is said in
[On AWS Lambda](deploy.md#is-it-well).

In `--json` it is the section `aws`; `pk` is a part's name in the template, `sk` what it is called
in AWS: the `ID` of the commands below. What cannot be asked ends it with an error, as `aws_denied`;
`aws_missing` is a stack that is not there, or not in this region.
"""


def doctor_page_parts() -> list[str]:
    """What the page says, each check as it is declared."""
    table = [_check(check) for check in CHECKS if check.section == "table"]
    others = [_check(check) for check in CHECKS if check.section == "people elsewhere"]
    deployed = [_check(check) for check in CHECKS if check.section == "deployment"]
    return [_INTRODUCTION, _TABLE, *table, _ELSEWHERE, *others, _DEPLOYED, *deployed]


def _check(check: Check) -> str:
    mends = check.mends or "Nothing: somebody has to decide."
    return (
        f"### {check.code}\n\n**{check.asks}** If not: {check.means}\n\n"
        f"- what to do: {check.advice}\n- `--fix`: {mends}\n"
    )
