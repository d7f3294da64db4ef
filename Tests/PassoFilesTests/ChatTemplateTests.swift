// SPDX-License-Identifier: MIT
import PassoText
import Testing

@testable import PassoFiles

/// The language of chat templates; `Tests/Interop/compare_templates.py` has jinja2 beside it.
@Suite struct ChatTemplateTests {
  private func text(_ template: String, names: [String: TemplateValue] = [:]) throws -> String {
    let parser = try TemplateParser(template)
    var renderer = TemplateRenderer(macros: parser.macros, names: names)
    return try renderer.text(of: parser.statements)
  }

  private func fault(_ template: String) -> TemplateFault? {
    do throws(TemplateFault) {
      let parser = try TemplateParser(template)
      var renderer = TemplateRenderer(macros: parser.macros, names: [:])
      _ = try renderer.text(of: parser.statements)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }}", "7 3 2 3.5"),
    ("{{ 'a' ~ 1 ~ none ~ true }}", "a1NoneTrue"),
    ("{{ [1, 'è', none] }} {{ {'a': 1.0} }}", "[1, 'è', None] {'a': 1.0}"),
    (
      "{% for x in 'abc' %}{{ loop.index }}{{ x }}{{ ',' if not loop.last }}{% endfor %}",
      "1a,2b,3c"
    ),
    (
      "{% set ns = namespace(n=0) %}{% for x in range(4) if x is odd %}{% set ns.n = ns.n + x %}"
        + "{% endfor %}{{ ns.n }}", "4"
    ),
    (
      "{% macro f(a, b='z') %}<{{ a }}{{ b }}>{% endmacro %}{{ f('x') }}{{ f(b=1, a=2) }}",
      "<xz><21>"
    ),
    ("{{ ' a,b '.strip().split(',') | join('+') | upper }}", "A+B"),
    ("{{ 'abcdef'[1:-1:2] }}{{ [1, 2, 3][::-1] }}{{ 'abc'[-1] }}", "bd[3, 2, 1]c"),
    ("{{ {'città': ['<a>', 1.5, none]} | tojson }}", #"{"città": ["<a>", 1.5, null]}"#),
    ("  {% if true %}\n x\n  {%- endif %}\n\ny", " x\ny"),
    ("{{ x | default('d') }}{{ '' | default('e', true) }}{{ x is defined }}", "deFalse"),
    ("{{ 'a' in 'cat' and 1 < 2 <= 2 and not none }}", "True"),
    ("{% raw %}{{ x }}{% endraw %}{# no #}{% set y %}a{% endset %}{{ y * 2 }}", "{{ x }}aa"),
    (#"{{ 'it\'s\n\x41' }}"#, "it's\nA"),
    (
      "{{ range(3) }} {{ range(0, 6, 2)[::-1] }} {{ true | abs }}",
      "range(0, 3) range(4, -2, -2) 1"
    ),
    ("{{ {'a': 1}.keys() }} {{ {'a': 1}.items() | list }}", "dict_keys(['a']) [('a', 1)]"),
    ("{{ 1.5 is divisibleby(3) }} {{ 4.0 is even }}", "False True"),
    ("{{ [1, 1] | unique | list }} {{ [1] * 2 }} {{ 3 % -1.5 }}", "[1] [1, 1] -0.0"),
    ("{{ 'a\\t\\u007f' | tojson }}", "\"a\\t\u{7F}\""),
  ])
  func templatesSayWhatTheySayInPython(template: String, expected: String) throws {
    #expect(try text(template) == expected)
  }

  @Test func whatIsNotReadIsNamedWithItsLine() {
    #expect(fault("a\n{{ 1 | urlize }}") == .unsupported("| urlize", line: 2))
    #expect(fault("{% include 'x' %}") == .unsupported("{% include %}", line: 1))
    #expect(fault("\n\n{{ 1 + 'a' }}") == .operation("number + string", line: 3))
    #expect(fault("{{ ', '.join([1]) }}") == .operation("string.join([number])", line: 1))
    #expect(fault("{{ nothing | int }}") == .operation("undefined | int", line: 1))
    #expect(
      fault("{% for x in 'a' %}{% macro f() %}{{ x }}{% endmacro %}{% endfor %}")
        == .unsupported("{% for %}{% macro %}", line: 1)
    )
    #expect(fault("{{ range(2) + range(2) }}") == .operation("range + range", line: 1))
    #expect(fault("{{ [[1]] | unique | list }}") == .operation("[list] | unique", line: 1))
    #expect(fault("{{ [1] | reverse }}") == .unsupported("{{ <generator> }}", line: 1))
    #expect(fault("{{ nothing.at.all }}") == .operation("undefined.at", line: 1))
    #expect(fault("{{ raise_exception('no') }}") == .raised("no"))
    for broken in [
      "{{", "{% if %}", "{% if x %}", "{{ (1 }}", "{{ 1 2 }}", "{% endfor %}", "{{ 'a }}", "{# x",
    ] {
      #expect(fault(broken) != nil, "\(broken)")
    }
  }

  @Test func whateverATemplateAsksForEnds() {
    let deep = String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000)
    for template in [
      "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
      "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
      "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}"
        + "{% endfor %}",
      "{{ 'a' * 9223372036854775807 }}", "{{ range(9223372036854775807) }}", "{{ \(deep) }}",
      String(repeating: "{% if true %}", count: 5_000),
    ] {
      #expect(fault(template) != nil, "\(template.prefix(60))")
    }
  }

  @Test func aFolderWithoutATemplateSaysSo() {
    #expect(throws: FileProblem.self) { try ChatTemplate(folder: "/nonexistent") }
  }

  @Test func messagesAreReadInTheirOrder() throws {
    let json = #"[{"role":"user","content":"c","z":1,"a":2}]"#
    let chat = try Chat(json: Array(json.utf8), file: "m")
    let written = try text("{{ messages[0] | tojson }}", names: ["messages": chat.value])
    #expect(written == #"{"role": "user", "content": "c", "z": 1, "a": 2}"#)
    for wrong in ["[]", "{}", #"["a"]"#, #"[{"content":"x"}]"#] {
      #expect(throws: FileProblem.self) { try Chat(json: Array(wrong.utf8), file: "m") }
    }
  }
}
