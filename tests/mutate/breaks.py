"""C source to the single breaks that can be made in it: another operator, a constant one off, a statement gone.

Works on tokens, not on a tree: a break that does not compile is found out by the compiler, and not counted. What is
broken is the code of functions; declarations, #lines, assertions and prefetches are left alone.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<line>^[ \t]*\#(?:[^\n\\]|\\.)*)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<number>0[xX][0-9a-fA-F]+[uUlL]*|[0-9]+[uUlL]*)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<op><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)",
    re.S | re.M,
)
OPENS, CLOSES = "([{", ")]}"
KEYWORDS = set("return case else do goto sizeof".split())
TYPE_WORDS = set("struct enum union const static unsigned int char bool long short void size_t lanes".split())
LEFT_ALONE = re.compile(r"\bassert\s*\(|_Static_assert|__builtin_prefetch|__builtin_cpu_init|\(void\)\s*\w+")

OTHER = {
    "<": ["<=", ">"], "<=": ["<", ">"], ">": [">=", "<"], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
    "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["+"], "/": ["*"], "%": ["/"],
    "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "^": ["&", "|"],
    "+=": ["-="], "-=": ["+="], "|=": ["&=", "="], "&=": ["|=", "="], "^=": ["|="], "<<=": [">>="], ">>=": ["<<="],
    "*=": ["+="], "++": ["--"], "--": ["++"],
}


@dataclass
class Token:
    kind: str
    text: str
    at: int
    depth: int = 0   # of brackets of any kind around it
    mate: int = -1   # index of the bracket that it belongs with

    @property
    def end(self):
        return self.at + len(self.text)


@dataclass(frozen=True)
class Break:
    path: str
    line: int
    kind: str
    at: int
    end: int
    text: str

    def apply(self, source):
        """The lines behind it keep their numbers, which assertions name."""
        gone = source.count("\n", self.at, self.end) - self.text.count("\n")
        return source[: self.at] + self.text + "\n" * gone + source[self.end :]


def tokens_of(source):
    found = [
        Token(m.lastgroup, m.group(), m.start())
        for m in TOKEN.finditer(source)
        if m.lastgroup not in ("space", "line")
    ]
    stack = []
    for i, t in enumerate(found):
        if t.kind == "op" and t.text in CLOSES and stack:
            t.mate = stack.pop()
            found[t.mate].mate = i
        t.depth = len(stack)
        if t.kind == "op" and t.text in OPENS:
            stack.append(i)
    return found


def is_type(t):
    return t.kind == "name" and (t.text in TYPE_WORDS or t.text.endswith("_t"))


class Source:
    """One file: its tokens, and which of them are in which function."""

    def __init__(self, path, source):
        self.path, self.source, self.t = path, source, tokens_of(source)
        self.breaks = []
        # Where lines begin that are left alone.
        self.skipped = {n for n, line in enumerate(source.split("\n"), 1) if LEFT_ALONE.search(line)}

    def line(self, i):
        return self.source.count("\n", 0, self.t[i].at) + 1

    def is_op(self, i, texts):
        return 0 <= i < len(self.t) and self.t[i].kind == "op" and self.t[i].text in texts

    def add(self, i, kind, first, last, text):
        """Replaces tokens first to last; the break is at token i's line."""
        at, end = self.t[first].at, self.t[last].end
        if self.line(i) not in self.skipped and self.source[at:end] != text:
            self.breaks.append(Break(self.path, self.line(i), kind, at, end, text))

    def bodies(self):
        """(first, last, type) of each function: the braces of its body, and what it returns."""
        start = 0
        for i, t in enumerate(self.t):
            if t.depth:
                continue
            if self.is_op(i, ["{"]) and self.is_op(i - 1, [")"]) and t.mate > 0:
                yield i, t.mate, self.returned(start, i)
            if self.is_op(i, [";", "}"]):
                start = i + 1

    def returned(self, start, brace):
        opening = self.t[brace - 1].mate
        words = [t.text for t in self.t[start : opening - 1]]
        return "pointer" if "*" in words else "bool" if "bool" in words else "void" if "void" in words else "number"

    def all_breaks(self):
        for first, last, returns in self.bodies():
            self.in_function(first, last, returns)
        return self.breaks

    def in_function(self, first, last, returns):
        i = first + 1
        declares = False  # the statement is a declaration, and its "=" has not come
        while i < last:
            if self.is_op(i - 1, [";", "{", "}"]):
                declares = self.declares(i)
            if self.is_op(i, ["="]):
                declares = False
            self.at_token(i, declares)
            if self.begins_statement(i):
                self.statement(i, first, last, returns)
            i += 1
        self.cases(first, last)

    def declares(self, i):
        t, u = self.t[i], self.t[i + 1]
        return t.kind == "name" and (is_type(t) or (u.kind == "name" and t.text not in KEYWORDS))

    # ---- tokens ----

    def at_token(self, i, declares):
        t = self.t[i]
        if t.kind == "number" and not (declares and self.in_brackets(i)):
            self.number(i)
        elif t.kind == "name" and t.text in ("true", "false"):
            self.add(i, "constant", i, i, "false" if t.text == "true" else "true")
        elif t.kind == "name" and t.text in ("if", "while") and self.is_op(i + 1, ["("]):
            self.negated(i)
        elif t.kind == "op" and t.text in ("!", "~") or (t.kind == "op" and t.text == "-" and not self.is_binary(i)):
            self.add(i, "dropped operator", i, i, "")
        elif t.kind == "op" and t.text == "?":
            self.swapped_choice(i)
        elif t.kind == "op" and t.text in OTHER and not declares and (t.text in ("++", "--") or self.is_binary(i)):
            for other in OTHER[t.text]:
                self.add(i, "operator", i, i, other)
            if t.text in ("&&", "||"):
                self.dropped_parts(i)

    def in_brackets(self, i):
        return any(self.is_op(j, ["["]) and self.t[j].mate > i for j in range(max(0, i - 8), i))

    def number(self, i):
        text = self.t[i].text
        digits = text.rstrip("uUlL")
        suffix, base = text[len(digits) :], 16 if digits[:2] in ("0x", "0X") else 10
        n = int(digits, base)
        shown = (lambda v: hex(v)) if base == 16 else str
        self.add(i, "constant", i, i, shown(n + 1) + suffix)
        if n > 0:
            self.add(i, "constant", i, i, shown(n - 1) + suffix)

    def is_binary(self, i):
        before, t = self.t[i - 1], self.t[i].text
        if before.kind in ("number", "text"):
            return True
        if before.kind == "name":
            return before.text not in KEYWORDS and not (t in "*&" and is_type(before))
        if before.text == "]":
            return True
        if before.text != ")":
            return False
        inside = self.t[before.mate + 1 : i - 1]
        a_cast = inside and all(is_type(x) or x.text == "*" for x in inside[1:]) and is_type(inside[0])
        return not a_cast

    def negated(self, i):
        opening, closing = i + 1, self.t[i + 1].mate
        if closing > 0:
            inner = self.source[self.t[opening].at : self.t[closing].end]
            self.add(i, "negated condition", opening, closing, "(!" + inner + ")")

    def run(self, i, step, stops):
        """From i on, the last token of the same depth before one of stops."""
        depth, j = self.t[i].depth, i
        while True:
            j += step
            t = self.t[j]
            if t.depth < depth or (t.depth == depth and t.kind == "op" and t.text in stops and not self.closes(j, i)):
                return j - step
            if t.depth == depth and t.text in ("return", "case"):
                return j - step

    def closes(self, j, i):
        return self.t[j].text in OPENS + CLOSES and self.t[j].depth == self.t[i].depth and not self.t[j].text in "{}"

    def dropped_parts(self, i):
        stops = ["&&", "||", ",", ";", "?", ":", "=", "{", "}", "|=", "&="]
        keeps = "true" if self.t[i].text == "&&" else "false"
        left, right = self.run(i, -1, stops), self.run(i, 1, stops)
        self.add(left, "dropped part", left, i - 1, keeps)
        self.add(i + 1, "dropped part", i + 1, right, keeps)

    def swapped_choice(self, i):
        depth, j, nested = self.t[i].depth, i + 1, 0
        while nested or not (self.t[j].depth == depth and self.is_op(j, [":"])):
            if self.t[j].depth == depth and self.is_op(j, ["?", ":"]):
                nested += 1 if self.t[j].text == "?" else -1
            j += 1
            if self.t[j].depth < depth or self.is_op(j, [";"]):
                return
        end = self.run(j, 1, [",", ";", "{", "}"])
        a = self.source[self.t[i + 1].at : self.t[j - 1].end]
        b = self.source[self.t[j + 1].at : self.t[end].end]
        self.add(i, "swapped choice", i + 1, end, f"({b}) : ({a})")

    # ---- statements ----

    def begins_statement(self, i):
        t = self.t[i]
        if t.kind != "name" and not (t.kind == "op" and t.text in ("*", "++", "--", "(")):
            return False
        if self.is_op(i - 1, [";", "{", "}"]):
            return self.enclosing(i) == "{"
        if self.t[i - 1].text in ("else", "do"):
            return True
        if self.is_op(i - 1, [")"]):
            head = self.t[self.t[i - 1].mate - 1]
            return head.text in ("if", "while", "for") and self.t[i].text != ";"
        return self.is_op(i - 1, [":"]) and self.labelled(i - 1)

    def enclosing(self, i):
        for j in range(i - 1, -1, -1):
            if self.t[j].kind == "op" and self.t[j].text in OPENS and self.t[j].mate > i:
                return self.t[j].text
        return ""

    def labelled(self, i):
        for j in range(i - 1, max(-1, i - 6), -1):
            if self.t[j].text in ("case", "default"):
                return True
            if self.t[j].text in (";", "?", "{", "}"):
                return False
        return False

    def statement(self, i, first, last, returns):
        word = self.t[i].text
        if word in ("if", "for", "while", "switch", "do", "else", "goto", "case", "default"):
            return
        end = i
        while end < last and not (self.is_op(end, [";"]) and self.t[end].depth == self.t[i].depth):
            end += 1
        if end == last or self.line(end) - self.line(i) > 5:
            return
        # Whether the function goes on where this is gone.
        guarded = self.is_op(i - 1, [")"]) or (i - 1 != first and self.is_op(i - 1, ["{"]) and self.is_op(i - 2, [")"]))
        if word == "return":
            self.returned_value(i, end, returns)
            if guarded or returns == "void":
                self.add(i, "dropped return", i, end, ";")
        elif word in ("break", "continue"):
            self.add(i, "dropped " + word, i, end, ";")
        elif not self.declares(i):
            called = any(self.is_op(j, ["("]) for j in range(i, end)) and not self.assigns(i, end)
            self.add(i, "dropped call" if called else "dropped statement", i, end, ";")

    def assigns(self, i, end):
        ops = ["=", "+=", "-=", "|=", "&=", "^=", "++", "--", "<<=", ">>=", "*="]
        return any(self.is_op(j, ops) and self.t[j].depth == self.t[i].depth for j in range(i, end))

    def returned_value(self, i, end, returns):
        if end == i + 1:
            return
        value = self.source[self.t[i + 1].at : self.t[end - 1].end]
        if value in ("true", "false", "0", "NULL"):
            return
        other = {"bool": f"!({value})", "pointer": "NULL", "number": "0"}.get(returns)
        if other:
            self.add(i, "returned value", i + 1, end - 1, other)

    def cases(self, first, last):
        """Labels of a switch that follow one another, exchanged: what is between the two stays."""
        labels = [i for i in range(first, last) if self.t[i].text == "case"]
        for a, b in zip(labels, labels[1:]):
            if self.t[a].depth != self.t[b].depth or self.is_op(b - 1, [":"]):
                continue
            colon_a, colon_b = (next(j for j in range(x, last) if self.is_op(j, [":"])) for x in (a, b))
            label_a = self.source[self.t[a + 1].at : self.t[colon_a - 1].end]
            label_b = self.source[self.t[b + 1].at : self.t[colon_b - 1].end]
            middle = self.source[self.t[colon_a].at : self.t[b + 1].at]
            self.add(a, "swapped cases", a + 1, colon_b - 1, label_b + middle + label_a)


def breaks_of(path, source):
    return Source(path, source).all_breaks()
