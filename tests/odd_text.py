"""Texts that break programs, for everything that takes text: actions, forms, files, machines.

    @pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)

Whatever takes one of these either takes it or refuses it; nothing is ever an error of ours.
"""

ODD_TEXTS: dict[str, str] = {
    # Nothing, and what looks like nothing
    "empty": "",
    "only spaces": " \t\n\u3000\u00a0 ",
    "only zero-width": "\u200b\u200c\u200e\ufeff\u2060",
    "only joiners": "\u200d\ufe0f\u200d",
    "only NUL": "\x00",
    "hangul fillers": "\u3164\u115f\uffa0",
    # Other ways to write
    "full-width": "Ａｌｉｃｅ　１２３！＂＜＞",
    "right-to-left": "مرحبا بكم שלום",
    "right-to-left override": "发票\u202egpj.exe",
    "isolates": "\u2067שלום\u2069 and \u2066left",
    "decomposed": "cafe\u0301 が",
    "a flood of accents": "Z" + "\u0301\u0489" * 300,
    "beyond the first plane": "𠮷野家 𝕬𝖑𝖎𝖈𝖊 🈶",
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈👍🏽1️⃣🇨🇳",
    "tags of emoji": "🏴\U000e0067\U000e0062\U000e007f",
    "no characters": "\ufffe\uffff\U0010ffff\ue000",
    # What no database, terminal or line wants
    "zero-width inside": "王\u200b小\u200d明\ufeff",
    "NUL inside": "王\x00明",
    "control characters": "\x01\x07\x08\x1b[31m\x7f\x85",
    "lone high surrogate": "王\ud83d明",
    "lone low surrogate": "\ude00",
    "surrogates in the wrong order": "\ude00\ud83d",
    "every end of line": "一\r\n二\r三\n四\v五\f六\u2028七\u2029八\x85九",
    # What other programs read as theirs
    "HTML": "<script>alert('1')</script><img src=x onerror=\"x\">&lt;b&gt;&#0;",
    "attributes": '"\'` onfocus=alert(1) autofocus x="',
    "templates": "{{ 7*7 }}{% now %}%(name)s %s %d %% {0} {name!r} ${x}",
    "SQL": "'; DROP TABLE members_member; -- \\",
    "LIKE": "%_\\%",
    "JSON": '{"a": "\\u0000", "b": [1e999, NaN]}',
    "YAML": "a: &x [*x, !!python/object:os.system 'id', ---\n...",
    "a formula": '=HYPERLINK("http://evil.example","click")',
    "CSV": 'a,"b\n";c\t\'',
    "a path": "../../../etc/passwd\\..\\x",
    "an address": "javascript:alert(1)//https://shop.example",
    "an e-mail header": "x\r\nBcc: all@example.com",
    # What looks like something else
    "a number": "1e309",
    "minus": "-1",
    "a huge number": "9" * 400,
    "true": "true",
    "null": "None",
    # Too much
    "40 characters": "王" * 40,
    "41 characters": "王" * 41,
    "1,001 characters": "王" * 1001,
    "10,000 characters": "长" * 10_000,
    "10,000 emoji": "😀" * 10_000,
    "10,000 zero-width": "王" + "\u200b" * 10_000,
    "10,000 spaces": "王" + " " * 10_000 + "明",
    "10,000 lines": "行\n" * 10_000,
    "10,000 brackets": "[" * 10_000,
}
