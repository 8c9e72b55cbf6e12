"""Endpoints of groups and memberships.

A host app's token with the scope `admin` may call all of them without being a user.
"""

from tavola.core import views
from tavola.core.errors import Changed, Forbidden, IdTaken, Invalid, NotFound, UserNotFound
from tavola.edge import clock
from tavola.edge.http import types
from tavola.edge.http.call import Call, Reply
from tavola.edge.http.endpoints import endpoint
from tavola.edge.http.types import NoQuery
from tavola.flows import groups, users


@endpoint(
    "POST",
    "/groups",
    auth="admin",
    body=types.GroupBody,
    reply=views.GroupView,
    statuses=(201,),
    errors=(Forbidden, IdTaken, Invalid),
)
async def create_group(call: Call[types.GroupBody, NoQuery]) -> Reply:
    """Make a group without members (admins)"""
    call.require_admin()
    body = call.body
    group_id = body.id if body.id is not None else clock.new_id()
    record = groups.new_group(group_id, body.name, call.user_id, call.now)
    return Reply(views.group_of(await call.server.run(groups.create_group(record))), 201)


@endpoint(
    "PUT",
    "/groups/{group}/users/{user}",
    auth="admin",
    reply=views.MembershipView,
    errors=(Forbidden, NotFound, UserNotFound, Changed, Invalid),
)
async def join_group(call: Call[None, NoQuery]) -> Reply:
    """Make a user a member of a group (admins)

    Repeating it changes nothing.
    """
    call.require_admin()
    user = await call.server.run(users.find_user(call.path["user"]))
    flow = groups.join_group(call.path["group"], user.user_id, "member", call.now)
    return Reply(views.membership_of(await call.server.run(flow)))


@endpoint(
    "DELETE",
    "/groups/{group}/users/{user}",
    auth="admin",
    statuses=(204,),
    errors=(Forbidden, NotFound, UserNotFound, Invalid),
)
async def leave_group(call: Call[None, NoQuery]) -> Reply:
    """Leave a group, or take somebody out of it (admins and the group's admins)

    What they wrote stays. It is no error where they are not in it.
    """
    flow = groups.remove_user(call.asker, call.path["group"], call.path["user"], call.now)
    await call.server.run(flow)
    return Reply(status=204)
