"""The checks of `tavola doctor`, each declared once: reports, JSON and documentation follow.

Their order counts: an item that fails several is told by the first of them alone, because the
others follow from it.
"""

from tavola.flows.doctor.check import Check
from tavola.flows.doctor.deployment import DEPLOYMENT

UNKNOWN_TYPE = Check(
    "unknown_type",
    "Is every item of a type that Tavola knows?",
    "Something else writes into this table, or a newer Tavola did.",
    "Look at it with `tavola table query`. It is never touched.",
)
NEWER_VERSION = Check(
    "newer_version",
    "Is every item of a version that this Tavola knows?",
    "A newer Tavola has written it. This one refuses such items, and what leads to them.",
    "Run the newer version everywhere. It is never touched.",
)
UNREADABLE = Check(
    "unreadable_item",
    "Does every item have the key and the attributes of its type?",
    "It was changed by hand, or by another program. What leads to it fails.",
    "Look at it with `tavola table query`, and correct it from a backup. It is never touched.",
)
USER_MISSING = Check(
    "user_missing",
    "Does every user whose items are there have a record?",
    "The record `USER#… A` is lost, and with it who this was. They cannot sign in; what they wrote "
    "and where they are members is still there.",
    "Bring the record back from a backup. If there is none, the items named here are what is left.",
)
GROUP_MISSING = Check(
    "group_missing",
    "Does every group whose items are there have a record?",
    "The record `GROUP#… A` is lost. Nobody can read or write in the group any more.",
    "Bring the record back from a backup. If there is none, the items named here are what is left.",
)
MESSAGE_GAP = Check(
    "message_gap",
    "Is every log of messages 1, 2, 3, … without gaps?",
    "Messages are lost. Everything else of the conversation works, and shows nothing in the gap.",
    "Bring the entries back from a backup. Nothing may be numbered anew: readers have the numbers.",
)
AMENDMENT_GAP = Check(
    "amendment_gap",
    "Is every log of amendments 1, 2, 3, … without gaps?",
    "Readers who were away do not learn of an edit or a deletion; who reads the entry anew does.",
    "Bring the amendments back from a backup.",
)
MEMBERSHIP_ONE_SIDED = Check(
    "membership_one_sided",
    "Has every membership both its halves?",
    "The group's half decides who is a member. Without it the user's list shows a group that they "
    "cannot open; without the user's half they are in a group that their list does not show.",
    "Mend it; who should be a member, and is not then, is added again with `tavola groups join`.",
    "The user's half follows the group's: it is written where it is missing, and removed, with the "
    "pointers, where the group's is missing. The group's is not made up from the user's: role and "
    "how far back they may read stood only there.",
)
JOINER_STRAY = Check(
    "joiner_stray",
    "Is everybody who is in a conversation somebody?",
    "A joiner is left of a user who is deleted or never was, or of somebody who is none of the two "
    "of a direct conversation.",
    "Mend it.",
    "The joiner is removed.",
)
IDENTITY_ONE_SIDED = Check(
    "identity_one_sided",
    "Has every identity its twin under the user?",
    "`Identity` decides who signs in; its twin lets erasing a user find it. Without the twin an "
    "erased person could sign in again; a twin alone lets nobody in.",
    "Mend it; who cannot sign in is linked again at the next sign-in, or by `tavola cognito sync`.",
    "The twin follows the identity: written where it is missing, removed where the identity is "
    "missing or somebody else's.",
)
IDENTITY_STRAY = Check(
    "identity_stray",
    "Does every identity lead to a user?",
    "The subject cannot sign in, and cannot become a new user either.",
    "Mend it; the next sign-in makes a user.",
    "The identity is removed.",
)
HANDLE_SHARED = Check(
    "handle_shared",
    "Has every user a handle of their own?",
    "Two users have the same handle in their records. Messages to it reach the one whom the "
    "`Handle` item names; the other one cannot be found by it.",
    "Give one of the two another handle: `tavola users set ID --handle NEW`.",
)
HANDLE_MISSING = Check(
    "handle_missing",
    "Does every user's handle lead to them?",
    "They cannot be found by their handle, cannot sign in with it, and somebody else can take it.",
    "Mend it.",
    "The `Handle` item is written, unless the handle is somebody else's by now.",
)
HANDLE_STRAY = Check(
    "handle_stray",
    "Does every handle lead to a user who has it?",
    "The handle leads to nobody, or to somebody who has another one; nobody can take it.",
    "Mend it.",
    "The `Handle` item is removed.",
)
USER_UNLISTED = Check(
    "user_unlisted",
    "Is every user in the list of all users?",
    "Admins do not see them in the list of users.",
    "Mend it.",
    "The `UserName` item is written.",
)
GROUP_UNLISTED = Check(
    "group_unlisted",
    "Is every group in the list of all groups, as it is?",
    "The group is not in the list, or with an old name or visibility.",
    "Mend it.",
    "The `GroupName` item is written.",
)
LISTING_STRAY = Check(
    "listing_stray",
    "Is every name in the lists that of a user or group?",
    "The list has somebody twice, or who is deleted or never was.",
    "Mend it.",
    "The `UserName` or `GroupName` item is removed.",
)
PASSWORD_STRAY = Check(
    "password_stray",
    "Is every password somebody's?",
    "The hash of a password is left of a user who is deleted or never was.",
    "Mend it.",
    "The `Password` item is removed.",
)
LEFT_OF_USER = Check(
    "left_of_deleted_user",
    "Is nothing left of users who were erased?",
    "Something still tells of an erased person.",
    "Mend it.",
    "Erasing is done again, to its end.",
)
LEFT_OF_GROUP = Check(
    "left_of_deleted_group",
    "Is nothing left of groups that were deleted?",
    "A deleted group still has members, or messages that should be gone.",
    "Mend it.",
    "Deleting is done again, to its end.",
)
DIRECT_JOINER_MISSING = Check(
    "direct_joiner_missing",
    "Has every direct conversation both its joiners?",
    "The other one's inbox shows no name. What this user had read, and whether they block the "
    "other one, is lost.",
    "Mend it. Who was blocked has to be blocked again.",
    "The joiner is written with the user's names, and unread from the start.",
)
NAMES_STALE = Check(
    "names_stale",
    "Are the names in conversations those of their users?",
    "A conversation shows an old name.",
    "Mend it.",
    "The user's names are copied again.",
)
GROUP_NAME_STALE = Check(
    "group_name_stale",
    "Are the groups' names in users' lists those of the groups?",
    "A user's list shows an old name of a group.",
    "Mend it.",
    "The group's name is copied again.",
)
POINTER_MISSING = Check(
    "pointer_missing",
    "Is every conversation in the inbox of each of its users?",
    "A conversation with messages is not in somebody's inbox.",
    "Mend it.",
    "The pointer is put into the bucket of the newest message.",
)
POINTER_STALE = Check(
    "pointer_stale",
    "Is every conversation where its newest message is?",
    "A conversation is too far down or up in somebody's inbox, until it is next looked at.",
    "Mend it. After a change of the setting `bucket` there are many.",
    "The pointer is put into the bucket of the newest message, then this one is removed.",
)
POINTER_DOUBLE = Check(
    "pointer_double",
    "Is every conversation in an inbox only once?",
    "There is a second pointer, in a bucket that is not the newest message's. Inboxes skip it. Who "
    "leaves a group and comes back just as its first message of the day is written may keep one.",
    "Mend it; reading that far in the inbox does so, too.",
    "The pointer that is not in the bucket of the newest message is removed.",
)
POINTER_STRAY = Check(
    "pointer_stray",
    "Does every inbox hold only conversations of its user?",
    "A pointer leads to a conversation without messages, or to a group of which the user is no "
    "member. Inboxes skip it. Who leaves a group just as its first message of the day is written "
    "may keep one.",
    "Mend it; reading that far in the inbox does so, too.",
    "The pointer is removed.",
)
MARKER_BEHIND = Check(
    "marker_behind",
    "Has every member of a group read what they wrote?",
    "Somebody has unread messages that were there before their own last one.",
    "Mend it.",
    "The marker is moved on to their newest message.",
)
HANDLE_DIFFERS = Check(
    "handle_differs",
    "Have people the handle that they have elsewhere?",
    "Who looks for somebody by the handle that they have there does not find them here. They were "
    "renamed on one side, or the handle was taken or impossible when they came.",
    "Decide which is right: `tavola users set ID --handle NEW`, or change it there.",
    section="people elsewhere",
)

CHECKS: tuple[Check, ...] = (
    UNKNOWN_TYPE,
    NEWER_VERSION,
    UNREADABLE,
    USER_MISSING,
    GROUP_MISSING,
    MESSAGE_GAP,
    AMENDMENT_GAP,
    MEMBERSHIP_ONE_SIDED,
    JOINER_STRAY,
    IDENTITY_ONE_SIDED,
    IDENTITY_STRAY,
    HANDLE_SHARED,
    HANDLE_MISSING,
    HANDLE_STRAY,
    USER_UNLISTED,
    GROUP_UNLISTED,
    LISTING_STRAY,
    PASSWORD_STRAY,
    LEFT_OF_USER,
    LEFT_OF_GROUP,
    DIRECT_JOINER_MISSING,
    NAMES_STALE,
    GROUP_NAME_STALE,
    POINTER_MISSING,
    POINTER_STALE,
    POINTER_DOUBLE,
    POINTER_STRAY,
    MARKER_BEHIND,
    HANDLE_DIFFERS,
    *DEPLOYMENT,
)
