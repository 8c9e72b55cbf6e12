"""The template makes what the code needs, and no more: table, handlers, headers, names."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tavola.core.model import cloudformation
from tavola.edge.aws.http import HOST_HEADER, KEY_HEADER, VIEWER_HEADER
from tavola.edge.feed.handling import Handler
from tavola.edge.http.pages import Pages
from tavola.settings import Settings, load, variable_of
from tests.deploy.permissions import Guard, Needed, statements_of
from tests.deploy.template import PATH, chosen, resources, template, texts

FUNCTIONS = resources("AWS::Serverless::Function")
OWN = frozenset({"OwnTable", "OwnSecret", "OwnPool"})


def test_it_is_what_cloudformation_accepts() -> None:
    lint = Path(sys.executable).with_name("cfn-lint")
    ended = subprocess.run([lint, "-t", PATH], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_no_alias_is_in_it_which_cloudformation_does_not_know() -> None:
    assert not re.search(r"^[^#'\"]*[:-] [&*]\w", PATH.read_text(), re.MULTILINE)


def test_the_table_is_the_one_that_is_derived_from_the_model() -> None:
    derived = cloudformation("tavola")["Resources"]["Table"]
    made = dict(template()["Resources"]["Table"])
    properties = dict(made.pop("Properties"))
    assert properties.pop("TableName") == {"Fn::Sub": "tavola-${Stage}"}
    assert properties.pop("Tags") == [{"Key": "tavola", "Value": {"Ref": "Stage"}}]
    assert made.pop("Condition") == "OwnTable"
    wanted = dict(derived.pop("Properties"))
    del wanted["TableName"]
    assert (made, properties) == (derived, wanted)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_handler_that_it_names_is_there(name: str) -> None:
    module, _, attribute = FUNCTIONS[name]["Handler"].rpartition(".")
    assert callable(getattr(importlib.import_module(module), attribute))


def environment_of(name: str) -> dict[str, Any]:
    common = template()["Globals"]["Function"]["Environment"]["Variables"]
    own = FUNCTIONS[name].get("Environment", {}).get("Variables", {})
    found: dict[str, Any] = chosen({**common, **own}, OWN)
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_it_sets_is_a_setting(name: str) -> None:
    known = {variable_of(field) for field in Settings.__struct_fields__}
    assert environment_of(name).keys() <= known


def test_the_settings_of_the_http_function_are_valid() -> None:
    filled = {
        "AWS::Region": "eu-west-1",
        "AWS::StackId": "arn:aws:cloudformation:eu-west-1:1:stack/x/8476a536-e9f4-11e8-9739",
        "Stage": "prod",
        "UserPool": "eu-west-1_AbC",
        "UserPoolClient": "4h57d0m4example",
        "Bucketing": "hour",
        "TableExplorer": "false",
    }

    def value(node: Any) -> str:
        if isinstance(node, str):
            return node
        ((kind, said),) = node.items()
        if kind == "Ref":
            return filled.get(said, "")
        if kind == "Fn::Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: filled[found[1]], said)
        assert kind == "Fn::Select"
        index, ((_, (separator, whole)),) = said[0], tuple(said[1].items())
        return value(whole).split(separator)[int(index)]

    environment = {name: value(node) for name, node in environment_of("HttpFunction").items()}
    settings = load({}, environment)
    assert settings.store == "dynamodb://tavola-prod?region=eu-west-1"
    assert settings.token_secret_from == "secretsmanager:tavola-prod/token-secret"
    assert settings.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"
    assert settings.issuer_client_ids == ("4h57d0m4example",)
    assert (settings.bucket, settings.table_explorer) == ("hour", False)
    assert settings.proxy_key == "8476a536-e9f4-11e8-9739"


def test_pages_have_the_servers_headers() -> None:
    for name, path in (("PageHeaders", "/"), ("AssetHeaders", "/assets/x.js")):
        policy = resources("AWS::CloudFront::ResponseHeadersPolicy")[name]
        said = policy["ResponseHeadersPolicyConfig"]
        security = said["SecurityHeadersConfig"]
        (kept,) = said["CustomHeadersConfig"]["Items"]
        assert all(one["Override"] for one in (*security.values(), kept))
        served = {
            "content-security-policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
            "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
            "x-content-type-options": "nosniff" if "ContentTypeOptions" in security else None,
            "x-frame-options": security["FrameOptions"]["FrameOption"],
            kept["Header"]: kept["Value"],
        }
        assert served == servers_headers(path)


def servers_headers(path: str) -> dict[str, str]:
    """What the server sends with a page or a file of the build, but for the file itself."""
    folder = PATH.parents[1] / "src/tavola/webui"
    if path.startswith("/assets/"):
        path = f"/assets/{next((folder / 'assets').iterdir()).name}"
    response = Pages(folder)._response(path, "GET")
    own = {"content-type", "content-length", "last-modified", "etag", "accept-ranges"}
    return {name: text for name, text in response.headers.items() if name not in own}


def test_the_proxy_says_what_the_function_reads() -> None:
    web = resources("AWS::CloudFront::Distribution")["Web"]["DistributionConfig"]
    (shown,) = next(one for one in web["Origins"] if one["Id"] == "api")["OriginCustomHeaders"]
    assert shown["HeaderName"] == KEY_HEADER
    assert shown["HeaderValue"] == environment_of("HttpFunction")["TAVOLA_PROXY_KEY"]
    code = resources("AWS::CloudFront::Function")["ApiViewer"]["FunctionCode"]
    assert set(re.findall(r"x-tavola-[a-z]+", code)) == {HOST_HEADER, VIEWER_HEADER}


# Names and permissions


NAMED = {
    "AWS::CloudFront::Function": "Name",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig.Name",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig.Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolClient": "ClientName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::MetricFilter": "FilterName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::Serverless::HttpApi": "Name",
}
UNNAMED = {  # they have no name, or one that begins with the stack's
    *("AWS::CloudFront::Distribution", "AWS::EC2::SecurityGroup", "AWS::EC2::VPCEndpoint"),
    *("AWS::IAM::Role", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"),
    "AWS::S3::BucketPolicy",
}
GLOBAL = (
    "AWS::CloudFront::",
    "AWS::CloudWatch::Dashboard",
    "AWS::S3::",
)  # one name for all regions of an account, or of all


@pytest.mark.parametrize("name", template()["Resources"])
def test_every_name_has_the_stage_in_it_and_where_it_is_global_the_region(name: str) -> None:
    resource = template()["Resources"][name]
    if resource["Type"] in UNNAMED:
        return
    value = resource["Properties"]
    for part in NAMED[resource["Type"]].split("."):
        value = value[part]
    assert "${Stage}" in value["Fn::Sub"]
    if resource["Type"].startswith(GLOBAL):
        assert "${AWS::Region}" in value["Fn::Sub"]


@pytest.mark.parametrize("stage", ["prod", "a1", "my-stage-2", "x" * 16])
def test_a_good_stage_is_taken(stage: str) -> None:
    assert re.fullmatch(template()["Parameters"]["Stage"]["AllowedPattern"], stage)


ODD = [
    "",
    "p",
    "Prod",
    "1st",
    "-a",
    "a-",
    "x" * 17,
    "a b",
    "a/b",
    "ü1",
    "a;rm -rf",
    "$(id)",
    "a\nb",
]


@pytest.mark.parametrize("stage", ODD)
def test_an_odd_stage_is_refused(stage: str) -> None:
    assert not re.fullmatch(template()["Parameters"]["Stage"]["AllowedPattern"], stage)


@pytest.mark.parametrize("role", ["HttpRole", "StreamRole", "CognitoRole"])
def test_a_role_may_not_do_just_anything(role: str) -> None:
    statements = statements_of(role)
    refused = [
        Needed("Scan", ()),
        Needed("DeleteTable", ()),
        Needed("UpdateTable", ()),
        Needed("PutItem", ("SOMETHING#ELSE",)),
        Needed("DeleteItem", ("FEED#main",)),
        Needed("BatchWriteItem", ("USER#ann", "FEED#main")),
    ]
    assert not [one for one in refused if any(s.allows(one) for s in statements)]
    hash_of_password = Needed("GetItem", ("PASSWORD#ann",))
    assert any(s.allows(hash_of_password) for s in statements) == (role == "HttpRole")


def test_what_a_role_may_not_do_is_noticed() -> None:
    guard = Guard()
    put = {"TableName": "t", "Item": {"pk": {"S": "HANDLE#an"}, "sk": {"S": "ann"}}}
    guard.check("PutItem", put)
    with guard.acting("HttpRole"):
        guard.check("PutItem", put)
        guard.check("TransactWriteItems", {"TransactItems": [{"Put": put}]})
        assert not guard.refused
        guard.check("Scan", {"TableName": "t"})
    with guard.acting("StreamRole"):
        guard.check("TransactWriteItems", {"TransactItems": [{"Put": put}]})
    assert guard.refused == {"Scan []", "PutItem ['HANDLE#a']"}


def test_no_permission_is_for_everything() -> None:
    whole = [
        (role, one["Action"])
        for role, said in resources("AWS::IAM::Role").items()
        for policy in chosen(said, OWN)["Policies"]
        for one in policy["PolicyDocument"]["Statement"]
        if "*" in (one["Resource"], one["Action"])
    ]
    assert whole == [("StreamRole", "dynamodb:ListStreams")]
    assert not [text for text in texts(resources("AWS::IAM::Role")) if text.endswith(":*")]


def test_the_settings_of_the_mapping_keep_a_bad_batch_from_blocking() -> None:
    mapping = resources("AWS::Lambda::EventSourceMapping")["StreamMapping"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert 0 < mapping["MaximumRetryAttempts"] < 100
    assert 0 < mapping["MaximumRecordAgeInSeconds"] < 86_400, "the stream keeps them for a day"
    queue = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert queue == {"Fn::GetAtt": ["FailedChanges", "Arn"]}
    (alarm,) = [
        one
        for one in resources("AWS::CloudWatch::Alarm").values()
        if one.get("Namespace") == "AWS/SQS"
    ]
    assert alarm["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["FailedChanges", "QueueName"]}
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_the_word_that_the_alarm_looks_for_is_what_the_handler_says() -> None:
    pattern = resources("AWS::Logs::MetricFilter")["SetAside"]["FilterPattern"]
    (event,) = re.findall(r'"([^"]+)"', pattern)
    source = Path(sys.modules[Handler.__module__].__file__ or "").read_text()
    said = [
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    assert event in said
