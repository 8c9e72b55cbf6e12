"""Endpoints of groups and memberships.

A host app's token with the scope `admin` may call all of them without being a user.
"""

from tavola.core import limits, views
from tavola.core.errors import Changed, Forbidden, IdTaken, Invalid, NotFound, UserNotFound
from tavola.edge import clock
from tavola.edge.http import types
from tavola.edge.http.call import Call, Reply
from tavola.edge.http.endpoints import endpoint
from tavola.edge.http.types import NoQuery
from tavola.flows import groups, listing, sets
from tavola.flows.access import see_group


@endpoint(
    "POST",
    "/groups",
    auth="admin",
    body=types.GroupBody,
    reply=views.GroupView,
    statuses=(201,),
    errors=(IdTaken, Changed, Invalid),
)
async def create_group(call: Call[types.GroupBody, NoQuery]) -> Reply:
    """Make a group

    Who makes it becomes its first member and admin. A host app that is no user makes one without
    members.
    """
    body = call.body
    group_id = body.id if body.id is not None else clock.new_id()
    record = groups.new_group(group_id, body.name, call.user_id, call.now, body.visibility)
    made = await call.server.run(groups.found_group(record))
    return Reply(views.group_of(made.group, made.member), 201)


@endpoint(
    "GET",
    "/groups",
    auth="admin",
    query=types.GroupsQuery,
    reply=views.GroupsView,
    errors=(Invalid,),
)
async def list_groups(call: Call[None, types.GroupsQuery]) -> Reply:
    """List groups by name: listed ones and one's own, all for admins

    A page may have fewer than `limit`; the list ends where `next` is null.
    """
    query, list_name = call.query, f"groups {call.query.prefix}"
    start = call.start_of(query, list_name)
    limit = min(query.limit, limits.PAGE_MAX)
    page = await call.server.run(listing.list_groups(call.asker, limit, query.prefix, start))
    rows = [views.named_group_of(one) for one in page.groups]
    return Reply(views.GroupsView(groups=rows, next=call.next_of(page.next, list_name)))


@endpoint("GET", "/groups/{group}", auth="admin", reply=views.GroupView, errors=(NotFound,))
async def get_group(call: Call[None, NoQuery]) -> Reply:
    """Look at a group: a listed one or one's own

    `role` is one's own, where one is a member.
    """
    seen = await call.server.run(see_group(call.asker, call.path["group"]))
    return Reply(views.group_of(seen.group, seen.member))


@endpoint(
    "PATCH",
    "/groups/{group}",
    auth="admin",
    body=types.GroupChangeBody,
    reply=views.GroupView,
    errors=(Forbidden, NotFound, Changed, Invalid),
)
async def change_group(call: Call[types.GroupChangeBody, NoQuery]) -> Reply:
    """Rename a group, list it or make it private (its admins, and admins)

    Its members' lists of groups show another name a moment later.
    """
    change = groups.Change(call.body.name, call.body.visibility)
    flow = groups.update_group(call.asker, call.path["group"], change)
    return Reply(views.group_of(*(await call.server.run(flow))))


@endpoint(
    "DELETE",
    "/groups/{group}",
    auth="admin",
    query=types.DeleteGroupQuery,
    statuses=(204,),
    errors=(Forbidden, NotFound, Changed, Invalid),
)
async def delete_group(call: Call[None, types.DeleteGroupQuery]) -> Reply:
    """Delete a group (its admins, and admins)

    It is gone at once; its members and, with `log=purge`, all that was written in it follow. Its id
    is never free again.
    """
    purge = call.query.log == "purge"
    flow = groups.delete_group(call.asker, call.path["group"], call.now, purge=purge)
    await call.server.run(flow)
    return Reply(status=204)


@endpoint(
    "GET",
    "/groups/{group}/users",
    auth="admin",
    query=types.PageQuery,
    reply=views.MembersView,
    errors=(NotFound, Invalid),
)
async def list_members(call: Call[None, types.PageQuery]) -> Reply:
    """List the members of a group in the order of their ids"""
    group_id = call.path["group"]
    list_name = f"members {group_id}"
    start = call.start_of(call.query, list_name)
    limit = min(call.query.limit, limits.PAGE_MAX)
    page = await call.server.run(listing.list_members(call.asker, group_id, limit, start))
    rows = [views.member_of(one) for one in page.members]
    return Reply(views.MembersView(users=rows, next=call.next_of(page.next, list_name)))


@endpoint(
    "GET",
    "/users/{user}/groups",
    auth="admin",
    query=types.PageQuery,
    reply=views.JoinedGroupsView,
    errors=(NotFound, UserNotFound, Invalid),
)
async def list_joined(call: Call[None, types.PageQuery]) -> Reply:
    """List the groups of a user in the order of their ids (themselves and admins)"""
    user = call.path["user"]
    list_name = f"joined {user}"
    start = call.start_of(call.query, list_name)
    limit = min(call.query.limit, limits.PAGE_MAX)
    page = await call.server.run(listing.list_joined(call.asker, user, limit, start))
    rows = [views.joined_group_of(one) for one in page.groups]
    return Reply(views.JoinedGroupsView(groups=rows, next=call.next_of(page.next, list_name)))


@endpoint(
    "PUT",
    "/groups/{group}/users",
    auth="admin",
    body=types.MembersBody,
    reply=views.SetView,
    errors=(Forbidden, NotFound, Changed, Invalid),
)
async def set_members(call: Call[types.MembersBody, NoQuery]) -> Reply:
    """Make exactly these users a group's (its admins, and admins)

    Each membership is whole at any time. A repeat finishes what an interruption has left.
    """
    group_id = call.path["group"]
    async with call.server.turns.of(f"members {group_id}"):
        flow = sets.set_members(call.asker, group_id, call.body.users, call.now)
        return Reply(_set_of(await call.server.run(flow)))


@endpoint(
    "PUT",
    "/users/{user}/groups",
    auth="admin",
    body=types.JoinedBody,
    reply=views.SetView,
    errors=(Forbidden, NotFound, UserNotFound, Changed, Invalid),
)
async def set_groups(call: Call[types.JoinedBody, NoQuery]) -> Reply:
    """Make exactly these groups a user's (admins)

    Each membership is whole at any time. A repeat finishes what an interruption has left.
    """
    call.require_admin()
    user = call.path["user"]
    async with call.server.turns.of(f"joined {user}"):
        return Reply(
            _set_of(await call.server.run(sets.set_groups(user, call.body.groups, call.now)))
        )


@endpoint(
    "PUT",
    "/groups/{group}/users/{user}",
    auth="admin",
    body=types.MemberBody,
    reply=views.MembershipView,
    errors=(Forbidden, NotFound, UserNotFound, Changed, Invalid),
)
async def join_group(call: Call[types.MemberBody, NoQuery]) -> Reply:
    """Make a user a member of a group, or give a member another role (its admins, and admins)

    Repeating it changes nothing: `joined_at` stays the first one.
    """
    wish = groups.Wish(call.body.role, call.body.history)
    flow = groups.add_user(call.asker, call.path["group"], call.path["user"], wish, call.now)
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


def _set_of(done: sets.Done) -> views.SetView:
    return views.SetView(added=done.added, removed=done.removed, complete=done.complete)
