"""A stack that is well is clean, and whatever is wrong with one is named, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tavola.edge.aws.filters import patterns
from tavola.flows.consumers.wanted import RULES_WANTED
from tavola.flows.doctor.deployment import DEPLOYMENT
from tests.cli.terminal import Terminal
from tests.cognito.pools import REGION
from tests.deployed.stack import FILTERS, FUNCTIONS, NAME, SECRET, SECRET_NAME, STAGE, Answer, Stack

Damage = Callable[[Stack], object]


def found(terminal: Terminal) -> list[tuple[str, str, str]]:
    """The code of each finding, and which part of the stack it names how."""
    result = terminal.run("doctor", "--aws", STAGE, "--json")
    report = json.loads(result.stdout)
    (section,) = report["sections"]
    assert section["name"] == "aws"
    told = [
        (check["code"], one["pk"], one["sk"])
        for check in section["checks"]
        for one in check["findings"]
    ]
    assert (result.exit_code, report["clean"]) == ((1, False) if told else (0, True))
    assert report["unexamined"] == report["notes"] == []
    return told


def test_a_stack_that_is_well_is_clean(terminal: Terminal, stack: Stack) -> None:
    assert found(terminal) == []
    assert terminal.ok("doctor", "--aws", STAGE) == "Everything is right.\n"


def test_no_secret_is_asked_for_or_told(terminal: Terminal, stack: Stack) -> None:
    wrong = terminal.run("doctor", "--aws", STAGE, "--json", "--all")
    stack.client("secretsmanager").delete_secret(SecretId=SECRET_NAME)
    right = terminal.run("doctor", "--aws", STAGE)
    for result in (wrong, right):
        assert SECRET not in result.stdout + result.stderr
    asked = "\n".join(stack.asked)
    assert "secretsmanager.DescribeSecret" in asked
    assert "GetSecretValue" not in asked


def table(**changes: Any) -> Damage:
    def change(stack: Stack) -> None:
        stack.client("dynamodb").update_table(TableName=NAME, **changes)

    return change


def mapping(**changes: Any) -> Damage:
    def change(stack: Stack) -> None:
        uuid = stack.id_of("StreamMapping")
        stack.client("lambda").update_event_source_mapping(UUID=uuid, **changes)

    return change


def told(request: str, **changes: Any) -> Damage:
    """What moto answers to a request is changed."""

    def change(stack: Stack) -> None:
        stack.changes[request] = lambda answer: answer.update(changes)

    return change


def other_keys(stack: Stack) -> None:
    key = {"AttributeName": "pk", "KeyType": "HASH"}
    stack.changes["DescribeTable"] = lambda answer: answer["Table"].update(KeySchema=[key])


def not_expiring(stack: Stack) -> None:
    wanted = {"Enabled": False, "AttributeName": "expires_at"}
    stack.client("dynamodb").update_time_to_live(TableName=NAME, TimeToLiveSpecification=wanted)


def not_recovering(stack: Stack) -> None:
    stack.client("dynamodb").update_continuous_backups(
        TableName=NAME, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )


def given_up(stack: Stack) -> None:
    queue = stack.id_of("FailedChanges")
    stack.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")


def raised(stack: Stack) -> None:
    stack.client("cloudwatch").set_alarm_state(
        AlarmName=stack.id_of("StreamLagAlarm"), StateValue="ALARM", StateReason="x"
    )


def delete_secret(stack: Stack) -> None:
    stack.client("secretsmanager").delete_secret(SecretId=SECRET_NAME)


def forget_secret(stack: Stack) -> None:
    secrets = stack.client("secretsmanager")
    secrets.delete_secret(SecretId=SECRET_NAME, ForceDeleteWithoutRecovery=True)


FEWER: Any = {"Filters": FILTERS["Filters"][1:]}
ELSEWHERE: Any = {"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:123456789012:other"}}
CONFIGURATION = f"/{FUNCTIONS['HttpFunction']}/configuration"

DAMAGES: list[tuple[str, str, Damage]] = [
    ("stack_unfinished", "Stack", lambda s: setattr(s, "status", "UPDATE_ROLLBACK_COMPLETE")),
    ("stack_unfinished", "Stack", lambda s: setattr(s, "status", "UPDATE_IN_PROGRESS")),
    ("function_inactive", "HttpFunction", told(CONFIGURATION, State="Failed")),
    ("function_inactive", "HttpFunction", told(CONFIGURATION, LastUpdateStatus="Failed")),
    ("api_silent", "ApiUrl", lambda s: s.overrides.update({"GET /api/": Answer(503, b"")})),
    ("api_silent", "ApiUrl", lambda s: s.overrides.update({"GET /api/": Answer(200, b"<html>")})),
    ("api_version", "ApiUrl", lambda s: setattr(s, "version", "0.0.1")),
    ("table_keys", "Table", other_keys),
    ("table_stream", "Table", table(StreamSpecification={"StreamEnabled": False})),
    ("table_expiry", "Table", not_expiring),
    ("table_recovery", "Table", not_recovering),
    ("table_unprotected", "Table", table(DeletionProtectionEnabled=False)),
    (
        "mapping_elsewhere",
        "StreamMapping",
        told("/event-source-mappings/", EventSourceArn="arn:of-the-stream-before"),
    ),
    ("mapping_disabled", "StreamMapping", mapping(Enabled=False)),
    (
        "mapping_failing",
        "StreamMapping",
        told("/event-source-mappings/", LastProcessingResult="PROBLEM: Function call failed"),
    ),
    ("mapping_whole_batches", "StreamMapping", mapping(FunctionResponseTypes=[])),
    ("mapping_undivided", "StreamMapping", mapping(BisectBatchOnFunctionError=False)),
    ("mapping_filters", "StreamMapping", mapping(FilterCriteria=FEWER)),
    ("mapping_filters", "StreamMapping", mapping(FilterCriteria={"Filters": [{"Pattern": "{"}]})),
    ("mapping_undelivered", "StreamMapping", mapping(DestinationConfig=ELSEWHERE)),
    ("changes_failed", "FailedChanges", given_up),
    ("secret_missing", "TokenSecret", delete_secret),
    ("secret_missing", "TokenSecret", forget_secret),
    ("issuer_silent", "Issuer", lambda s: s.overrides.update({"GET /issuer/": Answer(404, b"{}")})),
    ("issuer_silent", "Issuer", lambda s: setattr(s, "keys", '{"keys": []}')),
    ("alarm_raised", "Alarm", raised),
]


@pytest.mark.parametrize(("code", "name", "damage"), DAMAGES)
def test_damage_is_named(
    terminal: Terminal, stack: Stack, code: str, name: str, damage: Damage
) -> None:
    damage(stack)
    assert [(one, part) for one, part, _ in found(terminal)] == [(code, name)]


def drop_function(stack: Stack) -> None:
    stack.client("lambda").delete_function(FunctionName=FUNCTIONS["StreamFunction"])


def drop_mapping(stack: Stack) -> None:
    """As Lambda tells it; moto says nothing but 404."""
    said = Answer(404, b'{"Type": "User", "Message": "no"}', "ResourceNotFoundException:http://x")
    stack.overrides["/event-source-mappings/"] = said


def drop_queue(stack: Stack) -> None:
    stack.client("sqs").delete_queue(QueueUrl=stack.id_of("FailedChanges"))


def drop_alarm(stack: Stack) -> None:
    stack.client("cloudwatch").delete_alarms(AlarmNames=[stack.id_of("StreamLagAlarm")])


def drop_table(stack: Stack) -> None:
    table(DeletionProtectionEnabled=False)(stack)
    stack.client("dynamodb").delete_table(TableName=NAME)


@pytest.mark.parametrize(
    ("name", "drop"),
    [
        ("StreamFunction", drop_function),
        ("StreamMapping", drop_mapping),
        ("FailedChanges", drop_queue),
        ("StreamLagAlarm", drop_alarm),
        ("Table", drop_table),
    ],
)
def test_what_is_gone_is_named(terminal: Terminal, stack: Stack, name: str, drop: Damage) -> None:
    drop(stack)
    assert found(terminal) == [("resource_missing", name, stack.id_of(name))]


def test_the_stack_of_another_program_is_told(terminal: Terminal, stack: Stack) -> None:
    stack.parts = {"Bucket": ("AWS::S3::Bucket", "theirs")}
    names = ("HttpFunction", "StreamFunction", "StreamMapping", "FailedChanges")
    assert found(terminal) == [("resource_missing", name, NAME) for name in names]


def test_every_check_has_a_test() -> None:
    assert {check.code for check in DEPLOYMENT} == {
        "resource_missing",
        *(code for code, _, _ in DAMAGES),
    }


def test_a_secret_may_be_in_parameter_store(terminal: Terminal, stack: Stack) -> None:
    function = FUNCTIONS["HttpFunction"]
    clients = stack.client("lambda"), stack.client("ssm")
    variables = clients[0].get_function_configuration(FunctionName=function)["Environment"]
    variables["Variables"]["TAVOLA_TOKEN_SECRET_FROM"] = "ssm:/tavola/secret"
    clients[0].update_function_configuration(FunctionName=function, Environment=variables)
    assert found(terminal) == [("secret_missing", "TokenSecret", "/tavola/secret")]
    clients[1].put_parameter(Name="/tavola/secret", Value=SECRET, Type="SecureString")
    assert found(terminal) == []


@pytest.mark.parametrize(
    ("variable", "text", "code"),
    [
        ("TAVOLA_STORE", "dynamodb://?", "resource_missing"),
        ("TAVOLA_STORE", f"dynamodb://restored?region={REGION}", "resource_missing"),
        ("TAVOLA_TOKEN_SECRET_FROM", "vault:secret", "secret_missing"),
    ],
)
def test_settings_that_lead_nowhere_are_named(
    terminal: Terminal, stack: Stack, variable: str, text: str, code: str
) -> None:
    def change(answer: Any) -> None:
        answer["Environment"]["Variables"][variable] = text

    stack.changes[CONFIGURATION] = change
    assert [one for one, _, _ in found(terminal)] == [code]


def test_rules_want_other_patterns(terminal: Terminal, stack: Stack) -> None:
    def change(answer: Any) -> None:
        answer["Environment"]["Variables"]["TAVOLA_RULES"] = "/var/task/rules.toml"

    stack.changes[f"/{FUNCTIONS['StreamFunction']}/configuration"] = change
    assert [one for one, _, _ in found(terminal)] == ["mapping_filters"]
    wanted = [{"Pattern": json.dumps(one)} for one in patterns(RULES_WANTED)]
    mapping(FilterCriteria={"Filters": wanted})(stack)
    assert found(terminal) == []


def test_what_is_wrong_is_told_with_what_to_do(terminal: Terminal, stack: Stack) -> None:
    mapping(Enabled=False)(stack)
    result = terminal.run("doctor", "--aws", STAGE)
    assert result.exit_code == 1
    uuid = stack.id_of("StreamMapping")
    assert result.stdout.startswith("\nIs the stream function woken by changes? No: 1. [mapping_")
    assert "aws lambda update-event-source-mapping --uuid ID --enabled" in result.stdout
    assert f"    StreamMapping  {uuid}: it is Disabled\n\n1 things are wrong.\n" in result.stdout
