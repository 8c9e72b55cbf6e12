"""Every limit, with its unit and its reason. Nothing in Tavola grows without one of these."""

from typing import Final

# What people write
BODY_CODE_POINTS_MAX: Final = 4_000  # a long letter; 16 KB at most, far below an item's 400 KB
NAME_BYTES_MAX: Final = 200  # folded names are part of a sort key (1,024 bytes at most)
LOCATION_CODE_POINTS_MAX: Final = 200
INTERESTS_MAX: Final = 50
INTEREST_CODE_POINTS_MAX: Final = 100
PASSWORD_CODE_POINTS_MIN: Final = 8  # NIST SP 800-63B
PASSWORD_CODE_POINTS_MAX: Final = 256  # argon2 must not be fed megabytes

# Requests and pages
REQUEST_BYTES_MAX: Final = 256 * 1024
PAGE_DEFAULT: Final = 50
INBOX_PAGE_DEFAULT: Final = 20
PAGE_MAX: Final = 200  # a larger `limit` is cut to this
PREFIX_CHARS_MIN: Final = 2  # the handle's partition is its first two characters
PREFIX_USERS_MAX: Final = 10  # a directory must not be copied by asking for prefixes
GROUP_SLICES_MAX: Final = 4  # pages read for one of listed groups: others' private ones are skipped
EXACT_SET_IDS_MAX: Final = 1_000  # members, or groups, that are set at once
EXACT_SET_REMOVALS_MAX: Final = 1_000  # in one request; the next one does the rest
JOINS_AT_ONCE: Final = 33  # in a transaction: 3 writes each and 1 check are 100
LEAVES_AT_ONCE: Final = 33  # in a transaction: 3 writes each

# Tokens that others have signed
TOKEN_BYTES_MAX: Final = 16 * 1024  # issuers put groups into them; servers cut headers at 64 KB
SUBJECT_CHARS_MAX: Final = 255  # OpenID Connect Core 1.0, section 2
ISSUER_CHARS_MAX: Final = 200  # with a subject, each character as three, part of a sort key
CLAIM_CHARS_MAX: Final = 500  # of a name that an issuer says; a longer one is passed over
RSA_BITS_MIN: Final = 2_048  # NIST SP 800-131A
RSA_BITS_MAX: Final = 4_096  # a larger one takes a millisecond and more for each token
RSA_EXPONENT_BITS_MAX: Final = 36  # in use is 65,537; a long one takes as long as it is
JWKS_BYTES_MAX: Final = 256 * 1024
JWKS_KEYS_MAX: Final = 64  # issuers have two or three
JWKS_FETCH_S: Final = 5.0  # for the whole answer: somebody waits for it
JWKS_FLOOR_S: Final = 10.0  # between two fetches, whatever tokens come
JWKS_FRESH_S: Final = 3_600.0  # then they are fetched again: a key may have been withdrawn

# What is asked of services of AWS
AWS_TRIES_MAX: Final = 6  # of a request, with pauses up to 6 s together
AWS_PAUSE_FIRST_S: Final = 0.2  # then twice as long: a pool allows 30 such requests a second
AWS_ANSWER_S: Final = 10.0
SECRET_FRESH_S: Final = 300.0  # then it is fetched again: it may have been rotated
SECRET_FLOOR_S: Final = 10.0  # between two fetches while they fail
LAMBDA_MARGIN_S: Final = 3.0  # of a function's time, to tell what it has not done

# The log
TAIL_ENTRIES: Final = 12  # searched for a repeated message id when the client names no `after`
TAIL_ENTRIES_AFTER: Final = 4  # read with the tail when it does: nearly always all there is
AFTER_SPAN_MAX: Final = 1_000  # entries searched between `after` and the head
APPEND_LOSSES_MAX: Final = 50  # appends lost to others before 503 `busy`
SEQ_MAX: Final = 999_999_999_999  # twelve digits in the sort key

# The feed
MEMBER_SLICE: Final = 500  # members of a group handled at a time
BUCKET_HEADS_MAX: Final = 500  # heads read to order one bucket, where each read costs money
CHECKPOINT_INTERVAL_S: Final = 5.0
CHANGES_KEPT_S: Final = 24 * 3600  # as DynamoDB Streams keeps them
INBOX_WAIT_S: Final = 2.0  # how long a read of the inbox waits for the feed
EXPECTED_MAX: Final = 10_000  # own writes that the feed is known to have still to handle

# Rules
RULES_MAX: Final = 100
RULES_BYTES_MAX: Final = 256 * 1024  # of the file
RULE_CONDITION_CHARS_MAX: Final = 2_000  # each evaluation has its own bounds besides
RULE_GROUPS_MAX: Final = 20  # of an effect, in one transaction: 4 writes and checks each
RULE_TRIES_MAX: Final = 10  # of a rule about somebody who is just being changed
RULES_AT_ONCE: Final = 64  # users side by side in `rules run`

# Erasing a user
ERASE_SLICE: Final = 100  # items of the user at a time, between two words on the progress
ERASE_ENTRIES: Final = 200  # of a log at a time, 16 KB each at most
ERASE_WAIT_S: Final = 60.0  # without anything done by a server's feed
ERASE_IDENTITIES: Final = 40  # in the first transaction, two writes each; the walk does the rest

# Examining a store
DOCTOR_FINDINGS_MAX: Final = 10_000  # that are looked at again; then mend these first
DOCTOR_KEYS_MAX: Final = 100  # items named of one thing that is wrong
DOCTOR_GAPS_MAX: Final = 100  # told of one log
DOCTOR_LISTED: Final = 200  # items that stand alone, looked at together
DOCTOR_AT_ONCE: Final = 16  # item collections examined side by side
DOCTOR_ROUNDS_MAX: Final = 3  # of mending: a repair may show what stood behind
DOCTOR_WAIT_S: Final = 30.0  # for the feed to catch up
DOCTOR_LOOKS: Final = 4  # more, at what seems wrong where others may write
DOCTOR_PAUSE_FIRST_S: Final = 0.5  # before the first of these; then twice as long
DOCTOR_TOLD: Final = 10  # findings of a check shown to people

# The feed on DynamoDB
STREAM_PAUSE_S: Final = 0.2  # between two looks into a shard where nothing was new
SHARDS_INTERVAL_S: Final = 60.0  # between two looks at which shards there are
CHECKPOINT_IDLE_S: Final = 3_600.0  # without changes: a place must not grow older than the stream
LEASE_BEAT_S: Final = 10.0  # between two signs of life of the worker at work
LEASE_S: Final = 30.0  # without such a sign another worker takes over: three were missed
LEASE_LOOK_S: Final = 2.0  # between two looks of a worker that waits

# Filling a store
COPY_SLICE_ITEMS: Final = 100  # in a request to the store: four batches of writes, one of reads
COPY_SLICES_MAX: Final = 4  # under way at a time: 16 batches, 8,000 items a second at 50 ms each
COPY_CHECKPOINT_S: Final = 1.0  # an interrupted copy does again what was done in this time
COPY_TRIES_MAX: Final = 6  # of a slice, each until the store's deadline: a minute together

# Imports
IMPORT_FILE_BYTES_MAX: Final = 256 << 20  # one file of a zip is held in memory
IMPORT_ZIP_BYTES_MAX: Final = 16 << 30  # unpacked: a zip may claim anything

# Users from a directory elsewhere
MIRROR_TRIES_MAX: Final = 5  # of a record, when somebody else changes the same user
MIRROR_PAGE: Final = 500  # rows held at a time; a few hundred KB
MIRROR_CHARS_MAX: Final = 1_000  # read of a column; whatever is longer is too long for us, too
MIRROR_TOLD_MAX: Final = 10_000  # bad or missing rows in a report; a run may have a million
MIRROR_WAITING_MAX: Final = 10_000  # rows tried again, once others have given up their handles
POSTGRES_CONNECT_S: Final = 10  # unless the URL says another `connect_timeout`

# The table (DynamoDB's own limits, held by every store)
PK_BYTES_MAX: Final = 2_048
SK_BYTES_MAX: Final = 1_024
ITEM_BYTES_MAX: Final = 400 * 1024
QUERY_ITEMS_MAX: Final = 1_000  # of one read that an operator asks by hand
QUERY_BYTES_MAX: Final = 1024 * 1024  # of items, in one answer; the rest comes in the next
TRANSACTION_WRITES_MAX: Final = 100
SCAN_ITEMS_MAX: Final = 4_000  # in a page: about the megabyte that DynamoDB reads at a time
SCAN_SEGMENTS_MAX: Final = 1_000_000

# Requests to DynamoDB
STORE_ATTEMPT_S: Final = 3.0  # without an answer; most come within 10 ms
STORE_DEADLINE_S: Final = 10.0  # for all attempts together; clients wait longer than this
STORE_PAUSE_FIRST_S: Final = 0.05  # before the second attempt, at most; then twice as long, ...
STORE_PAUSE_MAX_S: Final = 1.0  # ... up to this
STORE_PARALLEL_MAX: Final = 64  # operations of one request at a time: others want to be served too
STORE_CONNECTIONS_MAX: Final = 256
STORE_BATCH_MIN: Final = 5  # operations; fewer are done as soon side by side, and fail each alone
BATCH_WRITES_MAX: Final = 25  # puts and deletes of one BatchWriteItem
BATCH_GETS_MAX: Final = 100  # keys of one BatchGetItem
BATCH_BYTES_MAX: Final = 256 << 10  # of items; JSON triples some, and a megabyte holds the loop up

# Work on whole tables
TABLE_WAIT_S: Final = 300.0  # until a change is done: mostly seconds, but AWS promises nothing
TABLE_PAUSE_S: Final = 1.0  # between two looks at it
TABLE_LOOK_ITEMS: Final = 25  # looked at to tell whose they are; half a unit, or a few
TABLES_AT_ONCE: Final = 16  # described side by side in a list
