// SPDX-License-Identifier: MIT
import PassoText
import Testing

@testable import PassoFiles

/// Templates of strangers: whatever one asks for ends, with a text or with a fault.
@Suite struct TemplateLimitTests {
  /// Whether a template is refused because it is too large.
  private func isTooLarge(_ template: String) -> Bool {
    if case .tooLarge? = templateFault(template) { true } else { false }
  }

  private func times(_ part: String, _ count: Int) -> String {
    String(repeating: part, count: count)
  }

  // MARK: Trees

  /// What stands before, between and after the links of a chain.
  private static let chains: [(start: String, link: String, end: String)] = [
    ("1", "+1", ""), ("1", "-1", ""), ("1", "*1", ""), ("1", " or 1", ""), ("1", " and 1", ""),
    ("x", "[0]", ""), ("x", ".a", ""), ("x", " .0", ""), ("x", "()", ""), ("'a'", "[:]", ""),
    ("1", "|string", ""), ("1", " is defined", ""), ("1", " if 1", ""), ("", "not ", "1"),
    ("", "- ", "1"), ("", "1 if 0 else ", "1"), ("'a'|map('map'", ",'map'", ",'list')|list"),
    ("dict(a=1", ",a=1", ")"),
  ]

  @Test(arguments: chains)
  func whatIsAsDeepAsItIsLongIsRefused(chain: (start: String, link: String, end: String)) {
    for count in [1_000, 30_000] {
      let template = "{{ " + chain.start + times(chain.link, count) + chain.end + " }}"
      #expect(isTooLarge(template), "\(chain)")
    }
  }

  @Test func bracketsInOneAnotherAreRefused() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{1:", "}"), ("f(", ")"), ("x[", "]")] {
      #expect(isTooLarge("{{ " + times(open, 5_000) + "1" + times(close, 5_000) + " }}"), "\(open)")
    }
    // A chain in each bracket: the trees of all of them are one.
    let chains = times("(", 90) + "1" + times(times("+1", 150) + ")", 90)
    #expect(isTooLarge("{{ \(chains) }}"))
  }

  @Test func statementsInOneAnotherAreRefused() {
    for (open, close) in [
      ("{% if 1 %}", "{% endif %}"), ("{% for a in [1] %}", "{% endfor %}"),
      ("{% set x %}", "{% endset %}"), ("{% generation %}", "{% endgeneration %}"),
      ("{% if 0 %}{% else %}", "{% endif %}"), ("{% macro f() %}", "{% endmacro %}"),
    ] {
      #expect(isTooLarge(times(open, 5_000) + times(close, 5_000)), "\(open)")
    }
  }

  @Test func honestChainsAreRead() throws {
    #expect(try templateText("{{ 1" + times(" + 1", 150) + " }}") == "151")
    #expect(try templateText("{{ 1" + times(" ~ 1", 10_000) + " }}") == times("1", 10_001))
    #expect(try templateText("{{ 1" + times(" == 1", 10_000) + " }}") == "True")
    #expect(try templateText("{{ [" + times("1,", 10_000) + "] | length }}") == "10000")
    let branches = "{% if 0 %}" + times("{% elif 0 %}", 10_000) + "{% else %}x{% endif %}"
    #expect(try templateText(branches) == "x")
    #expect(try templateText(times("{% if 1 %}", 50) + "x" + times("{% endif %}", 50)) == "x")
  }

  @Test func macrosThatCallOneAnotherAreRefused() {
    let brackets = "{{ " + times("[", 90) + "m()" + times("]", 90) + " }}"
    let blocks = times("{% if 1 %}", 50) + brackets + times("{% endif %}", 50)
    for body in [
      "{{ m() }}", "{{ " + times("1 + ", 150) + "m() }}", "{{ m() | upper | trim }}", blocks,
      "{% set x %}{{ m() }}{% endset %}", "{% for i in [m()] %}{% endfor %}",
    ] {
      #expect(isTooLarge("{% macro m() %}\(body){% endmacro %}{{ m() }}"), "\(body.prefix(40))")
    }
    #expect(isTooLarge("{% macro m(a=m()) %}{% endmacro %}{{ m() }}"))
  }

  // MARK: Values that share their parts

  /// A template that makes a value of the one before, many times over.
  private func grown(_ count: Int, _ form: String, _ end: String) -> String {
    "{% set ns = namespace(x=1, y=1) %}{% for i in range(\(count)) %}{% set ns.x = \(form) %}"
      + "{% set ns.y = \(form.replacing(".x", with: ".y")) %}{% endfor %}\(end)"
  }

  @Test(arguments: [
    "{{ ns.x }}", "{{ ns.x == ns.y }}", "{{ ns.x | tojson }}", "{{ ns.x | tojson(indent=9) }}",
    "{{ ns.x | string }}", "{{ ns.x in [ns.y] }}", "{{ [ns.x] | join }}", "{{ ns.x ~ 1 }}",
    "{{ [ns.y].index(ns.x) }}", "{{ ns.x | upper }}", "{{ ns.x is eq ns.y }}",
    "{{ raise_exception(ns.x) }}", "{{ 'a' | replace(ns.x, 'b') }}", "{{ [1] | join(ns.x) }}",
    "{{ {'a': ns.x} == {'a': ns.y} }}", "{{ [ns.x] | select('eq', ns.y) | list }}",
    "{{ 'a' | trim ~ [ns.x] }}", "{{ strftime_now(ns.x) }}",
  ])
  func whatIsATreeOfSharedPartsIsNotWalked(end: String) {
    for form in ["[ns.x, ns.x]", "(ns.x, ns.x)", "{'a': ns.x, 'b': ns.x}"] {
      #expect(isTooLarge(grown(60, form, end)), "\(form)")
    }
  }

  @Test func sharedPartsThatAreComparedOrKeysAreNotWalkedEither() {
    for end in [
      "{{ ns.x < ns.y }}", "{{ [ns.x, ns.y] | sort }}", "{{ {ns.x: 1} }}", "{{ {1: 1}[ns.x] }}",
      "{{ [ns.x] | unique | list }}", "{{ {}.get(ns.x) }}", "{{ [ns.x, ns.y] | min }}",
    ] {
      #expect(isTooLarge(grown(60, "(ns.x, ns.x)", end)), "\(end)")
    }
  }

  @Test func valuesInOneAnotherAreRefused() throws {
    for form in [
      "[ns.x]", "(ns.x,)", "{1: ns.x}", "dict(a=ns.x)", "[ns.x].count", "[ns.x] | reverse",
      "{1: ns.x}.values()", "{1: ns.x} | items", "[ns.x] | map('default')", "[ns.x] | unique",
    ] {
      #expect(templateFault(grown(30_000, form, "x")) != nil, "\(form)")
    }
    #expect(try templateText(grown(50, "[ns.x]", "{{ ns.x | string | length }}")) == "101")
    #expect(try templateText(grown(10, "[ns.x, ns.x]", "{{ ns.x == ns.y }}")) == "True")
  }

  // MARK: Texts

  private static let large =
    "{% set a = 'a' * 1000000 %}{% set b = ('a' * 999999) ~ 'a' %}{% set l = [a] * 60000 %}"

  @Test(arguments: [
    "l | join", "l | join('x')", "'x'.join(l)", "l | string", "l | tojson", "l ~ ''",
    "l | map('upper') | list", "l | map('length') | list", "l | map('list') | list",
    "l | sort", "l | unique | list", "l | sum(start='')", "l == [b] * 60000", "l.count(b)",
    "a.replace('', a)", "a.replace('a', a)", "('\\n' * 1000000) | indent(1000)",
    "a.endswith((b,) * 60000)", "l | map('replace', 'a', 'b') | list", "l | map('trim') | list",
    "[range(100000)] * 60000 | map('list') | map('string') | list",
    "([{}] * 60000) | map(attribute='a.' * 400000) | list",
  ])
  func whatNoMemoryHoldsIsRefused(expression: String) {
    #expect(templateFault(Self.large + "{{ (\(expression)) | length }}") != nil)
  }

  @Test(arguments: [
    "a.find('a' * 500000 ~ 'b')", "('a' * 500000 ~ 'b') in a", "a.rfind('b' ~ 'a' * 500000)",
    "a.count('a' * 5000 ~ 'b')", "a.split('a' * 500000 ~ 'b') | length",
    "a.replace('a' * 500000 ~ 'b', 'c') | length", "range(30000) | unique | list | length",
    "a.rsplit('b' ~ 'a' * 500000, 1) | length", "range(3000) | list | reverse | sort | length",
  ])
  func whatIsLongIsSearchedOnce(expression: String) throws {
    let found = try templateText(Self.large + "{{ \(expression) }}")
    #expect(["-1", "False", "0", "1", "1000000", "30000", "3000"].contains(found))
  }

  @Test(arguments: [
    "a | upper", "a | trim", "a | length", "a | replace('b', 'c')", "a.split('b')",
    "a.startswith(b)", "a.endswith(b)", "a[1:]", "a[::-1]", "a[5]", "a == b", "a < b", "'b' in a",
    "a.count('b')", "a.strip()", "a | title", "a | indent", "a | int", "a | float",
    "a ~ ''", "[a] | tojson", "{a: 1}", "{a: 1}[b]",
    "[b, a] | sort", "[b, a] | unique", "a.isalpha()", "a.splitlines()",
    "{'x': a} == {'x': b}", "(a,) < (b,)", "[a, b] | min", "{}[a]", "[{}] | map(attribute=a)",
    "a.removeprefix('a')", "dict({a: 1})", "[a] | map('lower')",
    "l[1:]", "l == l", "l | select", "l | list", "l + [1]", "l | reverse", "7 in l",
    "l.index(7)", "range(60000)", "l | min", "l | map('string')",
  ])
  func whatIsDoneOverAndOverIsCounted(expression: String) {
    #expect(
      templateFault(
        Self.large + "{% for i in range(90000) %}{% for j in range(90000) %}"
          + "{% set c = \(expression) %}{% endfor %}{% endfor %}",
        // A fifth of what is allowed, so that these tests take no minute.
        mostSteps: 400_000
      ) != nil
    )
  }

  @Test func whatIsWrittenWithinABlockIsCounted() {
    let text = times("a", 900_000)
    #expect(isTooLarge("{% for i in range(99999) %}\(text){% endfor %}"))
    #expect(isTooLarge("{% for i in range(99999) %}{% set x %}\(text){% endset %}{% endfor %}"))
    #expect(isTooLarge("{% for i in range(99999) %}{{ \(text) }}{% endfor %}"))
    let loop = "{% for a in range(99999) %}"
    #expect(isTooLarge(loop + loop + times("{% endfor %}", 2)))
    #expect(isTooLarge("{{ 'a' * 9223372036854775807 }}"))
    #expect(isTooLarge("{{ range(9223372036854775807) }}"))
    #expect(templateFault("{{ '' * 9223372036854775807 }}{{ [] * 9223372036854775807 }}") == nil)
  }
}
