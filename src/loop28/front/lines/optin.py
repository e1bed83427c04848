"""The rule that reads an opt-in out of a chat message: does this text answer «reply 1»?

It lives in `lines` because screening does; it is apart from the other rules because it is
about language, not about calendars. Pure: whether a call is open, and whose message this is,
the caller knows.

It is a closed list, because the two errors do not cost the same. A false yes puts a stranger
into a programme that pays money; a false no is healed by the button on the member page. So the
*whole* message must be a 1 with nothing around it but what cannot change its meaning: no
question (`1?`), no doubt (`1🤔`), nothing countable (`1🍎`), and no call to others (`快打1`).
"""

import re
import unicodedata

_TEXT_MAX = 400  # code points as they come, so that a flood costs nothing
_VISIBLE_MAX = 60  # characters once quote, mention and decoration are gone

# Unicode's ignorable code points, the keycap frame and blanks that are no spaces. Bidi controls
# may go too: they change the order of characters, never which ones the grammar gets to see.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20e3\u2800\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
# Only glad signs, not all of them: 👎, 🤔 and ❌ say something else, and 🔟 is a number.
_EMOJI = (
    "😀😃😄😁😆😅😂🤣😊😇🙂😉😍🥰😘😋😎🤩🥳🤗🙋🙌👏👍👌🤝🙏💪✊👊✋☝✌🤙🫡🫶💁🙆❤🧡💛💚💙💜💕💖💗💓💞"
    "🌹🌸🌺🌻🌷💐🎉🎊🎈🎁🧧💰🔥⭐🌟✨💯🚀✅✔♀♂\U0001f3fb-\U0001f3ff"
)
_STICKER = (
    "强|玫瑰|微笑|愉快|呲牙|偷笑|憨笑|可爱|调皮|抱拳|握手|胜利|鼓掌|爱心|拥抱|太阳|庆祝|加油|奋斗"
    "|嘿哈|耶|红包|發|福|烟花|爆竹|礼物|ok|好的|666"
)
_DECORATION = re.compile(rf"[{_INVISIBLE}{_EMOJI}]|\[(?:{_STICKER})\]")

# WeChat writes the quoted message before the answer. A 1 under any other question answers that.
_QUOTE = re.compile(r"\A\s*「[^「」]*[打扣敲发回复]\s*[“\"]?1[^「」]*」\s*(?:-\s){8,}")
# A name ends at the first space, so one that could hide a refusal or a question is no name.
# After the 1 a name has no end at all. Whoever addresses everybody makes the call.
_MENTION = re.compile(r"\A\s*@(?!所有人|全体|all\b|everyone)[^\s@不没别勿?吗]{1,20}\s+")

_ONE = r"(?:1{1,20}|[(「『【“‘\"']1[)」』】”’\"'])"
_STOP = r"[,.!~。]{0,20}"
_SELF = (
    "(?:我也?(?:要|想|愿意)?(?:参加|报名|加入)|我愿意|[算加]我一个"
    "|(?:带带?|带上|拉)我(?:进群|入群)?)[吧呀啊]?"
)
# Beside a bare 1 these are assent; beside «打1» they would be a call («打1报名»).
# No 收到 before the 1: in a group full of red packets that is a sum received.
_HEAD = f"(?:{_SELF}|报名|好的|嗯|是的|ok|yes|i'?min|countmein)"
_TAIL = f"(?:{_SELF}|报名|参加|加入|愿意|好的|来了|(?:谢谢|感谢)(?:老师|店主|群主)?|ok|yes|thanks)"
_VERB = "(?:打|扣|抠|敲|发|回(?:复:?)?)"
_ANSWER = re.compile(
    # a bare 1, 1 1 1 or 1!1, with assent before and after it
    rf"(?:{_HEAD}{_STOP}|我也?)?{_ONE}(?:[!~。]{{1,9}}1){{0,9}}[了啦啊呀哦]?(?:{_STOP}{_TAIL})?{_STOP}"
    # the act of typing it, by nobody but oneself
    rf"|(?:(?:{_SELF}|好的)[,.!~。])?(?:我(?:也|先|就|来|要)?{_VERB}了?|(?:我?已经?)?{_VERB})"
    rf"个?{_ONE}了?(?:{_STOP}{_SELF})?{_STOP}"
    # +1, and the Chinese numerals, which begin too many words to carry anything else
    rf"|(?:(?:\+|➕|我?加)1){{1,9}}(?:{_STOP}{_TAIL})?{_STOP}"
    rf"|(?:\+|➕|加|扣|回复)?[一壹]{_STOP}|\([一壹]\)"
)


def is_opt_in(text: str) -> bool:
    """Whether the whole of `text` is a yes to the call «reply 1»."""
    if len(text) > _TEXT_MAX:
        return False
    folded = unicodedata.normalize("NFKC", text).casefold()
    # NFKC leaves ❶ and १ alone; reading every digit as a digit also keeps 1❷ a twelve.
    digits = "".join(str(unicodedata.digit(char, char)) for char in folded)
    plain = _MENTION.sub("", _QUOTE.sub("", _DECORATION.sub("", digits)))
    # Spaces go last: «1 0» then is a ten, and «回复 1» needs no rule of its own.
    visible = "".join(plain.split())
    return len(visible) <= _VISIBLE_MAX and _ANSWER.fullmatch(visible) is not None
