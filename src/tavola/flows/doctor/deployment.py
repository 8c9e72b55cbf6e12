"""The checks of a stack on AWS, declared like those of the table.

What they find is named by its name in the template, and by the one that it has in AWS: where an
advice says ID, it is that one. CloudFormation does not look at what was changed beside it, so what
somebody has changed by hand is mended by hand, too.
"""

from functools import partial

from tavola.flows.doctor.check import Check

_check = partial(Check, section="deployment")
_MAPPING = "`aws lambda update-event-source-mapping --uuid ID "
_TABLE = "`tavola table create`, on this table, turns on what a table lacks."

STACK_UNFINISHED = _check(
    "stack_unfinished",
    "Has the last deployment come to its end?",
    "CloudFormation is still at work, or has taken the deployment back: what runs may be what ran "
    "before.",
    "`make deploy STAGE=…` again, once nothing is in progress. What went wrong tells `aws "
    "cloudformation describe-stack-events --stack-name ID`.",
)
RESOURCE_MISSING = _check(
    "resource_missing",
    "Is everything there that the stack consists of?",
    "Somebody has deleted it beside CloudFormation, which does not make it again; or this is "
    "another program's stack. What needs it fails.",
    "`make undeploy STAGE=…`, then `make deploy STAGE=…`: the table and the user pool stay, and "
    "are given to it as `RestoredTable` and `Issuer`.",
)
FUNCTION_INACTIVE = _check(
    "function_inactive",
    "Can every function run?",
    "AWS could not make it ready, or is about to: meanwhile it does not run, or runs as before.",
    "`make deploy STAGE=…` again. One that was idle for weeks is ready after its next request.",
)
API_SILENT = _check(
    "api_silent",
    "Does the API answer?",
    "Requests fail on their way, or the function cannot begin: no table, no secret, no room.",
    "`aws logs tail /tavola/STAGE/http` says why.",
)
API_VERSION = _check(
    "api_version",
    "Does the API run this version?",
    "What is deployed is older or newer than the `tavola` that you run here, which may expect of "
    "it what it does not do.",
    "`make deploy STAGE=…` with the newer one of the two.",
)
TABLE_KEYS = _check(
    "table_keys",
    "Has the table Tavola's keys?",
    "The functions were given a table that is another program's. Nothing works.",
    '`make deploy STAGE=… ARGS="RestoredTable=…"` with the right one.',
)
TABLE_STREAM = _check(
    "table_stream",
    "Has the table a stream of new and old images?",
    "The stream function hears of no changes, or not enough of them: inboxes and names stay as "
    "they are.",
    f"{_TABLE} Another kind of stream must be turned off before. Then `tavola feed rebuild`.",
)
TABLE_EXPIRY = _check(
    "table_expiry",
    "Do items expire by their attribute?",
    "What should be forgotten after a while is kept.",
    _TABLE,
)
TABLE_RECOVERY = _check(
    "table_recovery",
    "Can the table be brought back to any moment of its last days?",
    "After a mistake there is no way back but backups that you have made yourself.",
    _TABLE,
)
TABLE_UNPROTECTED = _check(
    "table_unprotected",
    "Is the table protected from being deleted?",
    "One wrong command deletes everything that people have written.",
    "`tavola table create --protect`, on this table.",
)
MAPPING_ELSEWHERE = _check(
    "mapping_elsewhere",
    "Does the stream function read this table's stream?",
    "The stream was turned off and on, which makes a new one, or the functions were given another "
    "table: changes of this one are not followed.",
    '`make deploy STAGE=… ARGS="RestoredTable=… RestoredStreamArn=…"` with the table and its '
    "stream as `tavola table describe` tells it. Then `tavola feed rebuild`.",
)
MAPPING_DISABLED = _check(
    "mapping_disabled",
    "Is the stream function woken by changes?",
    "Nothing follows from what people do: inboxes, names and groups stay as they are. After 24 "
    "hours changes are lost to it.",
    f"{_MAPPING}--enabled`. If it was off for a day, `tavola feed rebuild`.",
)
MAPPING_FAILING = _check(
    "mapping_failing",
    "Was the last batch of changes handled?",
    "The stream function has failed. Lambda tries again; inboxes are behind until it succeeds.",
    "`aws logs tail /tavola/STAGE/stream` says why.",
)
MAPPING_WHOLE_BATCHES = _check(
    "mapping_whole_batches",
    "Does the stream function say which change it could not handle?",
    "A change that cannot be handled in time takes a whole batch with it.",
    f"{_MAPPING}--function-response-types ReportBatchItemFailures`.",
)
MAPPING_UNDIVIDED = _check(
    "mapping_undivided",
    "Are batches that fail divided?",
    "A change that makes the function fail takes a whole batch with it into the queue.",
    f"{_MAPPING}--bisect-batch-on-function-error`.",
)
MAPPING_FILTERS = _check(
    "mapping_filters",
    "Is the stream function woken by what follows from, and by nothing else?",
    "The patterns are not those of this version: it may not hear of changes that it should handle, "
    "or be paid for some that it need not see.",
    "`make deploy STAGE=…` of this version. If that has nothing to change, they were changed by "
    f"hand: {_MAPPING}--filter-criteria …`, with those of `deploy/template.yaml`.",
)
MAPPING_UNDELIVERED = _check(
    "mapping_undelivered",
    "Are changes kept that were given up?",
    "Batches that fail for hours are thrown away instead of going into the queue, and nobody hears "
    "of them.",
    f'{_MAPPING}--destination-config \'{{"OnFailure": {{"Destination": "…"}}}}\'`, with the ARN of '
    "the queue.",
)
CHANGES_FAILED = _check(
    "changes_failed",
    "Is the queue of changes that were given up empty?",
    "The stream function has failed at some changes until it gave up: what should have followed "
    "from them has not.",
    "`tavola feed rebuild` derives it again; then `aws sqs purge-queue --queue-url ID`.",
)
SECRET_MISSING = _check(
    "secret_missing",
    "Is the secret there that signs tokens?",
    "New containers of the API cannot begin; those that run know it for as long as they run. "
    "Whether what is kept there is any good, doctor does not look.",
    "`aws secretsmanager restore-secret --secret-id ID`; of Parameter Store, `aws ssm "
    "put-parameter --type SecureString`. With another secret, everybody signs in again.",
)
ISSUER_SILENT = _check(
    "issuer_silent",
    "Can the keys of the tokens' issuer be had?",
    "People whose tokens need a key that the API has not yet seen cannot sign in. It was asked "
    "from here: in a VPC the function may have another way.",
    "`curl ISSUER/.well-known/jwks.json` shows what it says; if the issuer is another one by now, "
    '`make deploy STAGE=… ARGS="Issuer=…"`.',
)
ALARM_RAISED = _check(
    "alarm_raised",
    "Are all alarms silent?",
    "What it watches is, or was in the last minutes, not as it should be.",
    "`aws cloudwatch describe-alarm-history --alarm-name ID` tells since when; what it means is "
    "said by the alarm.",
)

DEPLOYMENT: tuple[Check, ...] = (
    STACK_UNFINISHED,
    RESOURCE_MISSING,
    FUNCTION_INACTIVE,
    API_SILENT,
    API_VERSION,
    TABLE_KEYS,
    TABLE_STREAM,
    TABLE_EXPIRY,
    TABLE_RECOVERY,
    TABLE_UNPROTECTED,
    MAPPING_ELSEWHERE,
    MAPPING_DISABLED,
    MAPPING_FAILING,
    MAPPING_WHOLE_BATCHES,
    MAPPING_UNDIVIDED,
    MAPPING_FILTERS,
    MAPPING_UNDELIVERED,
    CHANGES_FAILED,
    SECRET_MISSING,
    ISSUER_SILENT,
    ALARM_RAISED,
)
