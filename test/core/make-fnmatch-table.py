"""Writes fnmatch-table.json: what CPython (3.11 or newer) says of patterns and paths.

    python3 test/core/make-fnmatch-table.py

A row is [pattern, the paths it matches, the paths it does not match].
"""

import json
import pathlib
import random
import warnings
from fnmatch import fnmatchcase

warnings.simplefilter("ignore", FutureWarning)

PATTERNS = r"""
a|*|?|??|*a|a*|*a*|a*b|*.*|.*|**|*?|?*|a?c|[|]|[]|[!|[!]|[a|a]|[a-|[]a|[!]a|[[|[[]|[]]|[!]]|[a]|[!a]
[ab]|[!ab]|[a-c]|[!a-c]|[A-C]|[^a]|[!^a]|[!!]|[!!a]|[a!]|[a-]|[-a]|[-]|[--]|[---]|[--0]|[!-]|[!--]
[]-a]|[!]-a]|[a-c-e]|[a-c--e]|[b-a]|[!b-a]|[b-ac-d]|[z-a-c]|[xb-a-z]|[b-a!c]|[b-a!]|[b-a!-z]|[b-a!-!]
[!b-a!c]|[b-a^c]|[b-a-]|[a-a]|[a-a-]|[a\]|[\a]|\*|\?|\[a]|[*]|[?]|[!*]|[[-a]|[a&&b]|[~-~]|{a,b}|+(a)
[é]|[a-é]|[!é]|[😀]|[!😀]|[😀-😂]|*😀|?😀|😀?|*??|[.]|[!.]*|a/b|*/b|a/*|*/*|?/?|[a/b]|[!a]/b
a[/]b|[.-0]b|[!a]b|a/|/a|/|//|**/a|a/**|[a/]b]|*a*a*|*ab*ab|a*b?c|*[ab]*c|K|k|İ|ß
""".replace("\n", "|").strip("|").split("|") + ["", "[|]", "[a|b]", "a|b", "a\nb", "*\n", " ", "[ ]"]

PATHS = r"""
a,b,c,d,e,A,B,x,z,-,!,^,],[,\,*,?,.,&,~,é,😀,😁,0,1,K,k,İ,ß,ss,ab,ba,ac,abc,aXc,a-,[],[!],[!]a,[a,a],[]a
.a,.a.b,a.b,\*,\a,\[a],{a,b},+(a),😀😀,a😀,😀a,a/b,a/,/a,/,//,/b,b/b,x/b,a//b,a/b/c,[a/b],a[/]b,aab,abab
""".replace("\n", ",").strip(",").split(",") + ["", "{a,b}", "|", "a|b", "a\n", "\n", "a\nb", " ", "-b"]


def matches(pattern: str, path: str) -> bool:
    patterns, segments = pattern.split("/"), path.split("/")
    return len(patterns) == len(segments) and all(map(fnmatchcase, segments, patterns))


def rows():
    paths = list(dict.fromkeys(PATHS))
    for pattern in dict.fromkeys(PATTERNS):
        yield pattern, paths

    chance = random.Random(458)
    text = lambda characters, most: "".join(
        chance.choice(characters) for _ in range(chance.randint(0, most))
    )
    for _ in range(400):
        pattern = text("ab*?[]/", 6)
        yield pattern, sorted({text("ab[]/", 5) for _ in range(12)})
    for _ in range(600):
        pattern = "[" + text("abc-!^]\\[&😀", 7) + "]" + text("a*?", 2)
        yield pattern, sorted({text("abc-!^]\\[&😀", 2) for _ in range(16)})


table = []
for pattern, paths in rows():
    yes = [path for path in paths if matches(pattern, path)]
    table.append([pattern, yes, [path for path in paths if path not in yes]])

target = pathlib.Path(__file__).with_name("fnmatch-table.json")
lines = ",\n".join(json.dumps(row, ensure_ascii=True) for row in table)
target.write_text(f"[\n{lines}\n]\n")
