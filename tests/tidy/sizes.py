#!/usr/bin/env python3
"""Headers <= 200 lines, other sources <= 400, functions <= 60, parameters <= 5. No exemptions."""

import ast
import re

import tree

HEADER_LINES = 200
SOURCE_LINES = 400
FUNCTION_LINES = 60
PARAMETERS = 5

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")
_LAMBDA = re.compile(r"=\s*\[[^\]]*\]")
_SELF = re.compile(r"\s*(const\s+)?sage_\w+\s*\*")  # a C function's object counts as little as `this`
_NO_PARAMETERS = {"alignas", "decltype", "explicit", "noexcept", "requires", "__attribute__", ""}
_ELSE = re.compile(r"^[ \t]*#[ \t]*(else|elif)\b.*?(?=^[ \t]*#[ \t]*endif\b)", re.DOTALL | re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)


def keep_lines(match):
    return "\n" * match.group(0).count("\n")


def prepared(text):
    """The code alone: no comments, literals or directives, only the first branch of each #if."""
    return _DIRECTIVE.sub(keep_lines, _ELSE.sub(keep_lines, tree.code_only(text)))


def closing(code, start):
    """Where the bracket that opens at start closes."""
    depth, opens, closes = 0, code[start], _PAIRS[code[start]]
    for at in range(start, len(code)):
        depth += (code[at] == opens) - (code[at] == closes)
        if depth == 0:
            return at
    return len(code) - 1


def without_groups(head):
    """A head with the insides of its parentheses blanked, so that what is left is its outline."""
    outline, depth = [], 0
    for letter in head:
        depth -= letter == ")"
        outline.append(letter if depth <= 0 else " ")
        depth += letter == "("
    return "".join(outline)


def without_template(head):
    """A head without its leading `template <...>`."""
    match = re.match(r"\s*template\s*(?=<)", head)
    depth = 0
    for at in range(match.end() if match else 0, len(head)):
        depth += (head[at] == "<") - (head[at] == ">")
        if depth == 0:
            return head[at + 1 :] if match else head
    return head


def kind_of(head):
    """What the brace after this head opens: a scope to look into, a function, or a value."""
    outline = without_template(without_groups(head)).replace("operator()", "operator_call")
    plain = re.sub(r"operator\s*[^\w\s(]+", "operator_symbol", outline)
    if re.search(r"(?<![=!<>])=(?!=)", plain):
        return "function" if _LAMBDA.search(plain) else "value"
    if "(" not in plain:
        return "scope" if _SCOPE.search(plain) or not plain.strip() else "value"
    if re.search(r"\)\s*(noexcept\s*(\(\s*\))?\s*)?:(?!:)", plain) and re.search(r"[\w>]\s*$", plain):
        return "value"  # a member's initializer, `: size_{n}`
    return "function"


def parameters(head):
    """How many parameters the function with this head takes; 0 for macros such as TEST_CASE."""
    head = head[len(head) - len(without_template(without_groups(head))) :]
    head = re.sub(r"operator\s*\(\s*\)", "operator_call", head)
    for match in re.finditer(r"(\S*?)\s*\(", head):
        name = re.search(r"\w*$", match.group(1)).group(0)
        if name.isupper():
            return 0
        if name in _NO_PARAMETERS and not match.group(1).endswith("]"):
            continue
        inside = head[match.end() : closing(head, match.end() - 1)]
        count = count_commas(inside) + 1 if inside.strip() not in ("", "void") else 0
        return count - bool(_SELF.match(inside))
    return 0


def count_commas(text):
    depth = commas = 0
    for letter in text.replace("->", "  "):
        depth += (letter in "(<[{") - (letter in ")>]}")
        commas += letter == "," and depth == 0
    return commas


def functions(code):
    """(first line, lines, parameters) of every function body at namespace or class level."""
    head_start = at = 0
    while at < len(code):
        letter = code[at]
        if letter in ";}" or (letter == ":" and re.search(r"(public|private|protected)\s*$", code[head_start:at])):
            head_start = at + 1
        elif letter in "([":
            at = closing(code, at)
        elif letter == "{":
            head = code[head_start:at]
            kind = kind_of(head)
            if kind == "scope":
                head_start = at + 1
            else:
                end = closing(code, at)
                if kind == "function":
                    begin = head_start + len(head) - len(head.lstrip())
                    first = code.count("\n", 0, begin) + 1
                    yield first, code.count("\n", begin, end) + 1, parameters(head)
                    head_start = end + 1
                at = end
        at += 1


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1, len(node.args.args)


def functions_of(path, text):
    if path.suffix in tree.CODE_SUFFIXES:
        return functions(prepared(text))
    return python_functions(text) if path.suffix == ".py" else ()


def check(root):
    suffixes = tree.CODE_SUFFIXES | {".py", ".sh", ".rs", ".cmake"}
    for path in tree.files(root, suffixes=suffixes):
        text = tree.read(root, path)
        limit = HEADER_LINES if path.suffix in {".h", ".hpp"} else SOURCE_LINES
        if text.count("\n") > limit:
            yield path, text.count("\n"), f"the file is longer than {limit} lines"
        for line, length, count in functions_of(path, text):
            if length > FUNCTION_LINES:
                yield path, line, f"the function is {length} lines long, more than {FUNCTION_LINES}"
            if count > PARAMETERS:
                yield path, line, f"the function takes {count} parameters, more than {PARAMETERS}"


if __name__ == "__main__":
    tree.main(check, __doc__)
