"""One visit to a stack on AWS: everything is asked, then judged. Nothing is written there."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import NamedTuple

import msgspec

from tavola.app import JWKS_PATH, open_asking
from tavola.core.errors import (
    AwsDenied,
    AwsMissing,
    Invalid,
    StoreDenied,
    TableMissing,
    invalid,
)
from tavola.edge.aws import deployed as aws
from tavola.edge.aws import services
from tavola.edge.aws.secrets import place_of
from tavola.edge.aws.services import Ask, Service
from tavola.edge.cli.progress import Lines
from tavola.edge.doctor.deployed.judging import (
    ALARM_TYPE,
    FUNCTION_TYPE,
    HTTP,
    MAPPING,
    QUEUE,
    TABLE,
    Deployed,
    Outside,
    TableState,
    judge,
    missing,
    not_in,
)
from tavola.edge.doctor.report import Note, Report, report_of_stack, section
from tavola.edge.tokens.keys import BadKeys, read_jwks
from tavola.edge.tokens.remote import FetchFailed, fetch_url
from tavola.settings import REGION, Settings, dynamodb_address

_STAGE = re.compile(r"[a-z][a-z0-9-]{0,14}[a-z0-9]")


class Account(NamedTuple):
    """Where a stage is deployed; without an endpoint AWS is asked."""

    stage: str
    region: str
    endpoint: str | None

    @property
    def stack(self) -> str:
        """The name of its stack."""
        return f"tavola-{self.stage}"

    @asynccontextmanager
    async def asking(self, service: Service) -> AsyncIterator[Ask]:
        """Ask a service there. Raises `StoreDenied` without credentials."""
        endpoint = self.endpoint or service.endpoint(self.region)
        async with open_asking(service, self.region, endpoint) as ask:
            yield ask


def account_of(settings: Settings, stage: str, region: str | None) -> Account:
    """Where a stage is. Raises `Invalid` for a name that none can have, and without a region."""
    if not _STAGE.fullmatch(stage):
        raise invalid("aws", "stage", "must be the name of a stage: 2 to 16 of a-z 0-9 -")
    address = dynamodb_address(settings.store)
    region = region or (address.region if address else None)
    if region is None or not REGION.fullmatch(region):
        raise invalid("region", "region", "must be said: --region eu-central-1, or AWS_REGION")
    return Account(stage, region, settings.aws_endpoint)


async def visit_stack(account: Account, shown: Lines) -> Report:
    """What is right and wrong with a stack.

    Raises `StoreDenied` without credentials, `AwsDenied`, `AwsMissing` without a stack, and
    `AwsFailed`.
    """
    shown.stage("asking AWS", None)
    visit = _Visit(account, await _stack(account))
    seen = await visit.all()
    return report_of_stack(section("aws", "deployment", judge(seen)), visit.notes)


async def _stack(account: Account) -> aws.Stack:
    async with account.asking(services.STACKS) as ask:
        try:
            return await aws.read_stack(ask, account.stack)
        except AwsMissing:
            raise AwsMissing(
                f"There is no stack {account.stack} in {account.region}: check stage, region and "
                f"account, or make it with `make deploy STAGE={account.stage}`."
            ) from None


class _Visit:
    """What is found out about a stack, part by part."""

    def __init__(self, account: Account, stack: aws.Stack) -> None:
        self._account = account
        self._stack = stack
        self._seen = Deployed(stack=stack, version=version("tavola"), gone=list(not_in(stack)))
        self.notes: list[Note] = []

    async def all(self) -> Deployed:
        """Everything. What the API's function was given says where table, secret and issuer are."""
        await self._functions()
        found = self._seen.functions.get(HTTP)
        variables = found.variables if found else {}
        await self._table(variables.get("TAVOLA_STORE"))
        await self._mapping()
        await self._queue()
        await self._alarms()
        await self._secret(variables.get("TAVOLA_TOKEN_SECRET_FROM"))
        await self._issuer(variables)
        await self._api()
        return self._seen

    def _gone(self, name: str, place: str) -> None:
        self._seen.gone.append(missing(name, place))

    async def _functions(self) -> None:
        async with self._account.asking(services.FUNCTIONS) as ask:
            for one in self._stack.resources.values():
                if one.type == FUNCTION_TYPE:
                    try:
                        self._seen.functions[one.name] = await aws.read_function(ask, one.id)
                    except AwsMissing:
                        self._gone(one.name, one.id)

    async def _mapping(self) -> None:
        if not (one := self._stack.resources.get(MAPPING)):
            return
        async with self._account.asking(services.FUNCTIONS) as ask:
            try:
                self._seen.mapping = await aws.read_mapping(ask, one.id)
            except AwsMissing:
                self._gone(MAPPING, one.id)

    async def _queue(self) -> None:
        if not (one := self._stack.resources.get(QUEUE)):
            return
        async with self._account.asking(services.QUEUES) as ask:
            try:
                self._seen.queue = await aws.read_queue(ask, one.id)
            except AwsMissing:
                self._gone(QUEUE, one.id)

    async def _alarms(self) -> None:
        made = [one for one in self._stack.resources.values() if one.type == ALARM_TYPE]
        if not made:
            return
        async with self._account.asking(services.ALARMS) as ask:
            self._seen.alarms = await aws.read_alarms(ask, [one.id for one in made])
        there = {alarm.alarm_name for alarm in self._seen.alarms}
        for one in made:
            if one.id not in there:
                self._gone(one.name, one.id)

    async def _table(self, store: str | None) -> None:
        """The table that the functions were given, which may be a restored one."""
        from tavola.stores.dynamodb.connect import open_admin
        from tavola.stores.dynamodb.described import ON, Unknown

        try:
            address = dynamodb_address(store) if store else None
        except Invalid as error:
            self._seen.gone.append(missing(TABLE, store or "", str(error)))
            return
        made = self._stack.resources.get(TABLE)
        name = address.table if address else made.id if made else None
        if name is None:
            return
        region = address.region if address else self._account.region
        async with open_admin(region, self._account.endpoint) as admin:
            try:
                found = await admin.describe(name)
                expiry, recovery = await admin.expiry(name), await admin.recovery(name)
            except TableMissing:
                self._gone(TABLE, name)
                return
            except StoreDenied as error:
                raise AwsDenied(str(error)) from None
        if isinstance(expiry, Unknown):
            raise AwsDenied(expiry.unknown)
        if isinstance(recovery, Unknown):
            raise AwsDenied(recovery.unknown)
        self._seen.table = TableState(
            name,
            found.foreign,
            found.stream.arn if found.stream else None,
            found.stream.view if found.stream else None,
            expiry.attribute if expiry.status in ON else None,
            recovery.status in ON,
            found.protected,
        )

    async def _secret(self, place: str | None) -> None:
        """Whether it is there. It is not read."""
        if not place:
            return
        try:
            found = place_of(place, self._account.region)
        except Invalid as error:
            self._seen.secret = Outside(place, failure=str(error))
            return
        account = self._account._replace(region=found.region)
        async with account.asking(services.KEPT[found.service.name]) as ask:
            try:
                await aws.check_kept(ask, found)
            except AwsMissing as error:
                self._seen.secret = Outside(found.name, failure=str(error))
            else:
                self._seen.secret = Outside(found.name)

    async def _issuer(self, variables: dict[str, str]) -> None:
        issuer = variables.get("TAVOLA_ISSUER")
        if not issuer:
            return
        url = variables.get("TAVOLA_ISSUER_JWKS_URL") or f"{issuer.rstrip('/')}{JWKS_PATH}"
        try:
            read_jwks(await fetch_url(url))
        except (FetchFailed, BadKeys) as error:
            self._seen.issuer = Outside(issuer, failure=str(error))
        else:
            self._seen.issuer = Outside(issuer)

    async def _api(self) -> None:
        """Which version the API says that it is of, in the description of itself."""
        url = self._stack.outputs.get("ApiUrl", "")
        if not url:
            self._seen.api = Outside("ApiUrl", failure="the stack does not tell where it is")
            return
        try:
            answer = await fetch_url(f"{url}/openapi.json")
            told = msgspec.json.decode(answer, type=_Described).info.version
        except (FetchFailed, msgspec.MsgspecError) as error:
            self._seen.api = Outside(url, failure=str(error))
        else:
            self._seen.api = Outside(url, told)


class _Info(msgspec.Struct):
    version: str


class _Described(msgspec.Struct):
    info: _Info
