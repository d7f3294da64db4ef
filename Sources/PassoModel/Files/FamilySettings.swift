// SPDX-License-Identifier: MIT

import PassoFiles

/// The keys of a `config.json` as one family writes them, before anything is believed.
///
/// Keys that Passo does not know are passed over: they describe downloads, generation and other
/// tasks. Those known to change the numbers must have the one value that Passo computes.
package protocol FamilySettings {
  /// Takes a key of the file.
  mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault)

  /// What Passo does not compute.
  var unsupported: ConfigFault? { get }

  /// Asks for what must be there.
  func expectSizes() throws(JSONFault)

  /// The model, once its sizes can be believed.
  mutating func configuration() throws(ConfigFault) -> ModelConfiguration

  /// The tokens that begin, end and fill up a text.
  var special: SpecialTokens { get }

  /// Those of the family, where a file says nothing.
  var standardTokens: SpecialTokens { get }

  /// The keys of the file.
  var keys: Set<String> { get }

  /// What is good to know of it.
  var notes: [ConfigNote] { get }
}

extension ModelDescription {
  /// What says that Passo trains this model with dropout: the rates of others are theirs, and
  /// change no logit.
  static let dropoutKey = "passo_dropout"

  /// Checks bytes that were read already as those of one family; `file` is named in problems.
  package init(
    _ settings: some FamilySettings,
    bytes: [UInt8],
    file: String
  ) throws(FileProblem) {
    var settings = settings
    var dropout: Double?
    func parsing(_ body: () throws(JSONFault) -> Void) throws(FileProblem) {
      do throws(JSONFault) { try body() } catch { throw .notJSON(error, bytes, file: file) }
    }
    try parsing { () throws(JSONFault) in
      var reader = JSONReader(bytes)
      try reader.object { (key, reader) throws(JSONFault) in
        if key == Self.dropoutKey {
          dropout = try reader.number()
        } else {
          try settings.read(key, &reader)
        }
      }
      try reader.end()
    }
    if let fault = settings.unsupported { throw .config(fault, file: file) }
    try parsing(settings.expectSizes)
    do throws(ConfigFault) {
      configuration = try settings.configuration()
    } catch {
      throw .config(error, file: file)
    }
    notes = settings.notes
    if let dropout {
      guard (0..<1).contains(dropout) else {
        let fault = ConfigFault.unsupported(
          key: Self.dropoutKey,
          needed: "0 ≤ x < 1",
          found: "\(dropout)"
        )
        throw .config(fault, file: file)
      }
      configuration.dropout = dropout
      notes.removeAll { if case .dropout = $0 { true } else { false } }
    }
    let size = configuration.vocabularySize
    special = settings.special.known(in: size, &notes)
      .completed(by: settings.standardTokens, unless: settings.keys, in: size)
  }
}

/// The sizes that a file says, by their keys.
struct ConfigSizes {
  /// The largest single size; keeps products of three of them within 64 bits.
  private static let largest = 1 << 24

  /// The most numbers that a model may have.
  private static let largestModel = 1 << 36

  /// As they are written.
  var said: [String: Int] = [:]

  func expect(_ keys: [String]) throws(JSONFault) {
    for key in keys where said[key] == nil { throw .missing(path: key) }
  }

  /// A size that can be multiplied with others.
  func size(_ key: String, or standard: Int = 0) throws(ConfigFault) -> Int {
    let value = said[key] ?? standard
    guard (1...Self.largest).contains(value) else {
      throw .size(key: key, found: value, limit: Self.largest)
    }
    return value
  }

  /// Checks that a model can exist, before anything of its size is allocated.
  ///
  /// In floating point: sizes that were only just checked could overflow a product of integers.
  static func check(parameterCount: Double) throws(ConfigFault) {
    guard parameterCount <= Double(largestModel) else {
      throw .tooManyParameters(limit: largestModel)
    }
  }
}
