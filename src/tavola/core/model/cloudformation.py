"""The table as a CloudFormation template.

On demand, with a stream of both images for the change feed, expiry, and what keeps the data: point
in time recovery, deletion protection, and a table that outlives its stack.
"""

from typing import Any

from tavola.core.table import KEYS, STREAM_VIEW, TTL_ATTRIBUTE


def cloudformation(table_name: str) -> dict[str, Any]:
    """The template; `table_name` is the default of its only parameter."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Tavola: direct messages, groups and a user directory in one table",
        "Parameters": {
            "TableName": {
                "Type": "String",
                "Default": table_name,
                "AllowedPattern": "[a-zA-Z0-9_.-]{3,255}",
                "Description": "The name of the table, as in TAVOLA_STORE=dynamodb://NAME",
            }
        },
        "Resources": {
            "Table": {
                "Type": "AWS::DynamoDB::Table",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": _properties(),
            }
        },
        "Outputs": {
            "TableName": {"Value": {"Ref": "Table"}},
            "TableArn": {"Value": {"Fn::GetAtt": ["Table", "Arn"]}},
            "StreamArn": {"Value": {"Fn::GetAtt": ["Table", "StreamArn"]}},
        },
    }


def _properties() -> dict[str, Any]:
    return {
        "TableName": {"Ref": "TableName"},
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in KEYS],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in KEYS.items()],
        "StreamSpecification": {"StreamViewType": STREAM_VIEW},
        "TimeToLiveSpecification": {"AttributeName": TTL_ATTRIBUTE, "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "DeletionProtectionEnabled": True,
    }
