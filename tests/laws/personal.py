"""What every text in every table is: a person's, or a word of ours. One that is neither is missing.

``THEIRS`` says for each column that holds something of a person by which way its row belongs to
them: it is in the file they take along, and gone when they are erased. ``ABOUT_THEM`` is erased,
too, and not in the file, for the reason given. ``OURS`` holds nothing of a member.
"""

THEIRS = {
    "compliance.Freeze.said": "member",
    "compliance.Freeze.reason": "member",
    "finance.Payout.payee": "member",
    "finance.Payout.payee_account": "member",
    "finance.Payout.reason": "member",
    "members.Member.name": "id",
    "members.Identity.external_id": "member",
    "members.Tag.word": "taggings__member",
    "groups.Membership.mute_reason": "member",
    "groups.Message.text": "member",
    "groups.Notice.text": "member",
    "groups.Complaint.words": "by",
    "groups.Complaint.reason": "by",
    "referrals.Link.place": "promoter",
    "referrals.Dispute.reason": "claimant",
    "referrals.Dispute.why": "claimant",
    "rewards.Entitlement.taken_back_why": "member",
    "rewards.Entitlement.code": "member",
    "tasks.Happening.subject": "member",
    "tasks.Happening.fields": "member",
    "evidence.Review.words": "proof__assignment__member",
    "ladder.Promotion.reason": "member",
    "ladder.Demotion.reason": "promotion__member",
    "ladder.Appeal.text": "member",
    "ladder.Appeal.answer": "member",
    "ladder.Offer.reason": "host",
}

ABOUT_THEM = {
    "finance.Payee.account": ("member", "the account of a payout, spelled to be compared"),
    "members.Member.spelled": ("id", "the name, spelled to be compared"),
    "members.Tag.spelled": ("taggings__member", "the word, spelled to be compared"),
    "lines.Mend.reason": ("former", "why a line got another host: the line's, not the person's"),
    "referrals.Link.token": ("promoter", "the address of a link, which is shown on its page"),
    "tasks.Happening.key": ("member", "a machine's own name for a fact"),
    "tasks.Step.subject": ("assignment__member", "the subject of a fact, once more"),
    "tasks.Assignment.evidence": ("member", "the name of the fact that did it, once more"),
    "evidence.Proof.file": ("assignment__member", "the name of a picture, which is in the file"),
    "evidence.Proof.digest": ("assignment__member", "by it a picture is known again"),
    "evidence.Proof.original": ("assignment__member", "by it a picture is known again"),
}

ELSEWHERE = {
    "members.Member.key": "a random number; replaced, since an import makes it of an id",
    "groups.Reason.text": "named by facts about a person; the story of twelve texts plants one",
    "orders.Order.buyer": "a shop's name for who bought; the story of twelve texts plants one",
    "people.ImportFile.data": "a file of many people; the story of twelve texts plants one",
}
"""Erased as well, by ways of their own that tests of their own walk."""

OF_STAFF = (
    "people.User people.Guesses people.MachineKey sessions.Session auth.Group auth.Permission"
)

OURS = {
    "who works here, and how they signed in": OF_STAFF,
    "what operators write for everybody": (
        "content.Guest content.Talk content.TalkVersion content.Booking playbooks.PlaybookVersion "
        "playbooks.Draft playbooks.Review playbooks.Rehearsal people.Region people.City "
        "events.Event groups.Group groups.GroupRules groups.Outgoing lines.Line lines.Phase "
        "lines.Beat circles.Circle circles.WeekBeat packets.Packet tasks.Handout"
    ),
    "the books: ids, amounts and words of ours": (
        "journal.Entry ledger.Account ledger.Transfer rewards.Cap contenttypes.ContentType"
    ),
    "digests of pictures of everybody, and keys that are gone with the day": (
        "events.Photo referrals.Crowd referrals.Salt"
    ),
    "where workers work": "jobs.Pulse",
    "a keyed digest by which an erased record is known again": "privacy.Tombstone",
}
"""Whole models, by the reason."""

WORDS_OF_OURS = {
    "compliance.Freeze": "why numbers",
    "finance.Payout": "request_key",
    "members.Identity": "platform",
    "members.Consent": "text_version",
    "orders.Order": "shop external_id",
    "people.ImportFile": "name digest counts",
    "groups.Message": "platform external_id",
    "groups.Notice": "key",
    "groups.Complaint": "key decided_by",
    "referrals.Link": "talk",
    "rewards.Entitlement": "reference title task budget",
    "clubs.Lesson": "talk",
    "tasks.Assignment": "task kind opening fact mode",
    "tasks.Happening": "kind",
    "ladder.Promotion": "numbers",
    "ladder.Demotion": "numbers",
    "ladder.Appeal": "decision numbers",
}
"""Columns of models that hold a person's texts beside them."""
