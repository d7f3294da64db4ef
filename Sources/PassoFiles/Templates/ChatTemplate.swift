// SPDX-License-Identifier: MIT
import PassoText

/// The template of a model folder that makes one text of the messages of a chat, in Jinja as
/// `transformers` reads it.
package struct ChatTemplate: Sendable {
  /// More than any honest template has, in bytes.
  private static let largestFile = 1 << 20

  private let parser: TemplateParser
  private let file: String

  /// The names of special tokens with their spellings, for the template.
  private let tokens: [String: TemplateValue]

  /// Reads the template of a folder: `chat_template.jinja`, else that in `tokenizer_config.json`,
  /// else the older `chat_template.json`, which `transformers` reads for models of more than text.
  ///
  /// - Throws: `FileProblem` if there is none, or one that is not read.
  package init(folder: String) throws(FileProblem) {
    let (own, older) = ("\(folder)/chat_template.jinja", "\(folder)/chat_template.json")
    let settings = try TokenizerSettings(folder: folder)
    let template: String?
    if InputFile.exists(own) {
      file = own
      let bytes = try InputFile.read(path: own, limit: Self.largestFile)
      template = String(decoding: bytes, as: UTF8.self)
    } else if let found = Self.template(settings.config["chat_template"]) {
      (file, template) = (settings.file, found)
    } else {
      file = older
      template = Self.template(try TokenizerSettings.json(older)?["chat_template"])
    }
    guard let template else { throw .template(.missing, file: folder) }
    tokens = settings.tokens.mapValues { .string($0) }
    do throws(TemplateFault) {
      guard template.utf8.count <= Self.largestFile else { throw .tooLarge(line: 1) }
      parser = try TemplateParser(template)
    } catch {
      throw .template(error, file: file)
    }
  }

  /// A text, or the one called default of several.
  private static func template(_ value: JSONValue?) -> String? {
    guard case .array(let named) = value else { return value?.text }
    return named.first { $0["name"]?.text == "default" }?["template"]?.text
  }

  /// The text of some messages, with what makes the model answer.
  ///
  /// - Throws: `FileProblem` if the template refuses them, or needs what is not read.
  package func text(of chat: Chat) throws(FileProblem) -> String {
    var names = tokens
    names["messages"] = chat.value
    names["tools"] = chat.tools.map { .list($0) } ?? TemplateValue.none
    names["documents"] = TemplateValue.none
    names["add_generation_prompt"] = .boolean(true)
    var renderer = TemplateRenderer(macros: parser.macros, names: names)
    do throws(TemplateFault) {
      return try renderer.text(of: parser.statements)
    } catch {
      throw .template(error, file: file)
    }
  }
}

/// The messages of a chat.
package struct Chat: Sendable {
  fileprivate let messages: [TemplateValue]
  fileprivate var tools: [TemplateValue]?

  /// The messages as a template sees them.
  var value: TemplateValue { .list(messages) }

  /// One question, after what the model is told about itself.
  package init(_ question: String, system: String? = nil) {
    let system = system.map { Self.message("system", $0) }
    messages = [system, Self.message("user", question)].compactMap(\.self)
  }

  private static func message(_ role: String, _ text: String) -> TemplateValue {
    .mapping(TemplateMapping(texts: [("role", .string(role)), ("content", .string(text))]))
  }

  /// Reads a list of messages, or an object with `messages` and perhaps `tools`, from a file.
  ///
  /// - Throws: `FileProblem` if it holds something else.
  package init(path: String) throws(FileProblem) {
    try self.init(json: InputFile.read(path: path, limit: 16 << 20), file: path)
  }

  /// Checks bytes that were read already; `file` is named in problems.
  package init(json bytes: [UInt8], file path: String) throws(FileProblem) {
    let value = try JSONReader.read(bytes, file: path) { (reader) throws(JSONFault) in
      try TemplateValue(&reader)
    }
    var (list, tools): (TemplateValue?, TemplateValue?) = (value, nil)
    if case .mapping(let members) = value {
      (list, tools) = (members["messages"], members["tools"])
    }
    guard case .sequence(let messages)? = list, !messages.values.isEmpty,
      messages.values.allSatisfy(Self.isMessage)
    else { throw .template(.messages, file: path) }
    self.messages = messages.values
    if case .sequence(let listed)? = tools { self.tools = listed.values }
  }

  private static func isMessage(_ value: TemplateValue) -> Bool {
    guard case .mapping(let members) = value, case .string? = members["role"] else { return false }
    return true
  }
}

extension TemplateValue {
  /// Reads any JSON value; the members of objects keep their order.
  init(_ reader: inout JSONReader) throws(JSONFault) {
    switch reader.kind {
    case .object:
      var mapping = TemplateMapping()
      try reader.object { (key, reader) throws(JSONFault) in
        mapping.set(.string(key), try TemplateValue(&reader))
      }
      self = .mapping(mapping)
    case .array:
      self = .list(try reader.list { (reader) throws(JSONFault) in try TemplateValue(&reader) })
    default:
      switch try reader.value() {
      case .boolean(let flag): self = .boolean(flag)
      case .integer(let whole): self = .integer(whole)
      case .number(let number): self = .number(number)
      case .string(let text): self = .string(text)
      default: self = .none
      }
    }
  }
}
