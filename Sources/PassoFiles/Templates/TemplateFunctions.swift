// SPDX-License-Identifier: MIT
import Glibc

/// The functions that a template may call.
enum TemplateFunctions {
  static let globals: Set<String> = [
    "range", "namespace", "dict", "raise_exception", "strftime_now",
  ]

  private static let longestRange = 100_000

  static func call(
    _ function: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch function {
    case .macro(let number):
      return try renderer.call(renderer.macros[number], call)
    case .method(let value, let name):
      return try TemplateMethods.call(value, name, call, &renderer)
    case .function("range"): return try range(call, &renderer)
    case .function("namespace"), .function("dict"):
      var mapping = TemplateMapping()
      if case .mapping(let first)? = call.positional.first {
        try renderer.walk(.list(first.entries.map(\.key)))
        mapping = first
      }
      for (name, value) in call.named { mapping.set(.string(name), value) }
      if case .function("dict") = function { return .mapping(mapping) }
      var members: [String: TemplateValue] = [:]
      for (key, value) in mapping.entries { members[try renderer.written(key)] = value }
      return renderer.makeNamespace(members)
    case .function("raise_exception"): throw .raised(try said(call, &renderer))
    case .function("strftime_now"): return .string(time(try said(call, &renderer)))
    default: throw renderer.operation("\(function.kind)(...)")
    }
  }

  /// The text of the first argument.
  private static func said(
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> String {
    guard let first = call.positional.first else { return "" }
    return try renderer.written(first)
  }

  private static func range(
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let bounds = call.positional.compactMap(\.whole)
    guard bounds.count == call.positional.count, (1...3).contains(bounds.count) else {
      throw renderer.operation("range(...)")
    }
    let (start, end) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
    let step = bounds.count == 3 ? bounds[2] : 1
    guard step != 0 else { throw renderer.operation("range(..., 0)") }
    let values = stride(from: start, to: end, by: step).prefix(longestRange + 1)
    var all: [TemplateValue] = []
    for value in values { all.append(.integer(value)) }
    guard all.count <= longestRange else { throw .tooLarge(line: renderer.line) }
    return try renderer.made(all, .range(start: start, end: end, step: step))
  }

  /// The time now, here, as `strftime` writes it.
  private static func time(_ format: String) -> String {
    var (now, parts) = (Glibc.time(nil), tm())
    guard localtime_r(&now, &parts) != nil, !format.isEmpty, format.utf8.count < 200 else {
      return ""
    }
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = strftime(&buffer, buffer.count, format, &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
