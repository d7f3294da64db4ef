// SPDX-License-Identifier: MIT
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// What a template makes of some names.
func templateText(
  _ template: String,
  names: [String: TemplateValue] = [:],
  mostSteps: Int? = nil
) throws(TemplateFault) -> String {
  let parser = try TemplateParser(template)
  var renderer = TemplateRenderer(macros: parser.macros, names: names)
  if let mostSteps { renderer.mostSteps = mostSteps }
  return try renderer.text(of: parser.statements)
}

/// Why a template makes no text; nil if it makes one.
func templateFault(_ template: String, mostSteps: Int? = nil) -> TemplateFault? {
  do throws(TemplateFault) {
    _ = try templateText(template, mostSteps: mostSteps)
    return nil
  } catch {
    return error
  }
}

/// The language of chat templates; `Tests/Interop/compare_templates.py` has jinja2 beside it.
@Suite struct ChatTemplateTests {
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
    (
      "{{ 'abc'.count('') }} {{ 'è'.find('') }} {{ 'èa'.rfind('') }} {{ '' in 'a' }}"
        + " {{ 'èa'.replace('', '-') }} {{ ''.count('') }}", "4 0 2 True -è-a- 1"
    ),
    (
      "{{ 'aabaab'.find('ab') }}{{ 'èaab'.rfind('ab') }}{{ 'aaaa'.count('aa') }}"
        + "{{ 'aaaa'.rsplit('aa', 1) }}{{ 'abaabab'.split('abab') }}", "122['aa', '']['aba', '']"
    ),
    ("{{ [3, 1, 2] | sort }} {{ ['b', 'A', 'c'] | sort }}", "[1, 2, 3] ['A', 'b', 'c']"),
    ("{{ ['b', 'a', 'B', 'A'] | max }}{{ ['b', 'a', 'A'] | min }}", "ba"),
    ("{{ [1, 1.0, true, '1', 2] | unique | list }} {{ {1: 'a'}[1.0] }}", "[1, '1', 2] a"),
    ("{{ {'b': 1, 'A': 2} | dictsort }}", "[('A', 2), ('b', 1)]"),
    ("{{ [[], {}, {'a': [1]}] | tojson(indent=2) | length }}", "48"),
    ("{{ '0x10' | float }} {{ '1_0' | int }} {{ ' -2.5 ' | float }}", "0.0 10 -2.5"),
    ("{{ 'a\\t\\u007f' | tojson }}", "\"a\\t\u{7F}\""),
  ])
  func templatesSayWhatTheySayInPython(template: String, expected: String) throws {
    #expect(try templateText(template) == expected)
  }

  @Test func whatIsNotReadIsNamedWithItsLine() {
    #expect(templateFault("a\n{{ 1 | urlize }}") == .unsupported("| urlize", line: 2))
    #expect(templateFault("{% include 'x' %}") == .unsupported("{% include %}", line: 1))
    #expect(templateFault("\n\n{{ 1 + 'a' }}") == .operation("number + string", line: 3))
    #expect(templateFault("{{ ', '.join([1]) }}") == .operation("string.join([number])", line: 1))
    #expect(templateFault("{{ nothing | int }}") == .operation("undefined | int", line: 1))
    #expect(
      templateFault("{% for x in 'a' %}{% macro f() %}{{ x }}{% endmacro %}{% endfor %}")
        == .unsupported("{% for %}{% macro %}", line: 1)
    )
    #expect(templateFault("{{ range(2) + range(2) }}") == .operation("range + range", line: 1))
    #expect(templateFault("{{ [[1]] | unique | list }}") == .operation("[list] | unique", line: 1))
    #expect(templateFault("{{ [1] | reverse }}") == .unsupported("{{ <generator> }}", line: 1))
    #expect(templateFault("{{ nothing.at.all }}") == .operation("undefined.at", line: 1))
    #expect(templateFault("{{ raise_exception('no') }}") == .raised("no"))
    for broken in [
      "{{", "{% if %}", "{% if x %}", "{{ (1 }}", "{{ 1 2 }}", "{% endfor %}", "{{ 'a }}", "{# x",
    ] {
      #expect(templateFault(broken) != nil, "\(broken)")
    }
  }

  /// The newer file counts before the settings, and these before the older file.
  @Test func theTemplateIsFoundWhereverItStands() throws {
    let scratch = try Scratch()
    func text() throws -> String {
      try ChatTemplate(folder: scratch.path("")).text(of: Chat("ciao"))
    }
    func write(_ text: String, to name: String) throws {
      _ = try scratch.write(Array(text.utf8), to: name)
    }
    try write(#"{"chat_template": "3 {{ messages[0].content }}"}"#, to: "chat_template.json")
    #expect(try text() == "3 ciao")
    try write(#"{"chat_template": "2"}"#, to: "tokenizer_config.json")
    #expect(try text() == "2")
    try write("1", to: "chat_template.jinja")
    #expect(try text() == "1")
  }

  @Test func aFolderWithoutATemplateSaysSo() {
    #expect(throws: FileProblem.self) { try ChatTemplate(folder: "/nonexistent") }
  }

  @Test func messagesAreReadInTheirOrder() throws {
    let json = #"[{"role":"user","content":"c","z":1,"a":2}]"#
    let chat = try Chat(json: Array(json.utf8), file: "m")
    let written = try templateText("{{ messages[0] | tojson }}", names: ["messages": chat.value])
    #expect(written == #"{"role": "user", "content": "c", "z": 1, "a": 2}"#)
    for wrong in ["[]", "{}", #"["a"]"#, #"[{"content":"x"}]"#] {
      #expect(throws: FileProblem.self) { try Chat(json: Array(wrong.utf8), file: "m") }
    }
  }
}
