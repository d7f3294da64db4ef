// SPDX-License-Identifier: MIT
import PassoFiles
import PassoTestSupport
import Testing

// The numbers of the reference files were read independently, with Python's struct and numpy.
@Suite struct SafetensorsFileTests {
  @Test func readsTheSmallReferenceModel() throws {
    let file = try SafetensorsFile(path: reference("gatto/model.safetensors"))
    #expect(file.names.count == 16)
    #expect(file.names.first == "transformer.h.0.attn.c_attn.bias")
    #expect(file.metadata == ["format": "pt"])
    let entry = try #require(file.entry("transformer.wte.weight"))
    #expect(entry.dtype == .f32 && entry.shape == [6, 16])
    #expect(entry.byteRange == 15_216..<15_600)
    let floats = try file.readFloats("transformer.wte.weight")
    #expect(floats.count == 96)
    #expect(floats[0] == -0.367_736_160_755_157_47)
    #expect(floats[95] == 0.486_990_660_429_000_85)
    #expect(try file.readDoubles("transformer.wte.weight") == floats.map(Double.init))
    #expect(file.entry("transformer.wte.weight")?.byteRange.count == 384)
  }

  @Test(
    arguments: zip(
      ["gatto", "gpt2-two-layers"],
      [
        (55, [1, 5, 6], 3.180_311_203_002_93, 9.942_058_593),
        (97, [3, 12, 50], 5.620_389_938_354_492, -388.208_518_48),
      ]
    )
  )
  func readsTheExpectedValues(
    model: String,
    expected: (count: Int, shape: [Int], loss: Double, logitSum: Double)
  ) throws {
    let file = try SafetensorsFile(path: reference("\(model)/expected.safetensors"))
    #expect(file.names.count == expected.count)
    #expect(file.entry("logits")?.shape == expected.shape)
    #expect(abs(try file.readDoubles("loss")[0] - expected.loss) < 1e-14)
    #expect(abs(try file.readDoubles("logits").reduce(0, +) - expected.logitSum) < 1e-6)
  }

  @Test func everyHalfIsReadExactly() throws {
    let bytes = (0...UInt16.max).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let header = #"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    let scratch = try Scratch()
    let file = try SafetensorsFile(path: scratch.write(safetensors(header, data: bytes)))
    let floats = try file.readFloats("h")
    for bits in 0...UInt16.max {
      let (found, needed) = (floats[Int(bits)], Float(Float16(bitPattern: bits)))
      #expect(found.bitPattern == needed.bitPattern || (found.isNaN && needed.isNaN))
    }
    #expect(floats[0x0001] == 0x1p-24 && floats[0x8001] == -0x1p-24 && floats[0x03FF] == 0x3FFp-24)
    #expect(floats[0x7BFF] == 65_504 && floats[0xFC00] == -.infinity && floats[0x7E00].isNaN)
  }

  @Test func brainFloatsDoublesAndUnalignedNumbersAreRead() throws {
    let header = #"""
      {"b":{"dtype":"BF16","shape":[3],"data_offsets":[1,7]},"c":{"dtype":"BOOL","shape":[],\#
      "data_offsets":[0,1]},"d":{"dtype":"F64","shape":[1],"data_offsets":[7,15]}}
      """#
    let pi = withUnsafeBytes(of: Double.pi.bitPattern.littleEndian) { Array($0) }
    let data = [1, 0x80, 0x3F, 0x80, 0xFF, 0x01, 0x00] + pi
    let scratch = try Scratch()
    let file = try SafetensorsFile(path: scratch.write(safetensors(header, data: data)))
    #expect(try file.readFloats("b") == [1, -.infinity, 0x1p-133])
    #expect(try file.readDoubles("d") == [.pi])
    #expect(try file.readFloats("d") == [Float(Double.pi)])
    #expect(
      throws: FileProblem.safetensors(.notFloating(tensor: "c", found: .boolean), file: file.path)
    ) {
      try file.readFloats("c")
    }
  }

  @Test func anUnknownTensorIsNamedWithTheClosest() throws {
    let file = try SafetensorsFile(path: reference("gatto/expected.safetensors"))
    let problem = #expect(throws: FileProblem.self) { try file.readFloats("blocks.0.atn.q") }
    #expect(problem?.message.en == "needs the tensor 'blocks.0.atn.q', got no tensor of this name")
    #expect(problem?.hint?.it == "forse «blocks.0.attn.q»?")
    #expect(file.entry("blocks.0.atn.q") == nil)
  }

  @Test func tensorsWithoutNumbersAreAllowed() throws {
    let header = #"{"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}   "#
    let scratch = try Scratch()
    let file = try SafetensorsFile(path: scratch.write(safetensors(header)))
    #expect(try file.readFloats("a") == [])
    #expect(try SafetensorsFile(path: scratch.write(safetensors("{}"))).names == [])
  }
}

@Suite struct HostileSafetensorsTests {
  private func expect(
    _ bytes: [UInt8],
    _ fault: SafetensorsFault,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let scratch = try Scratch()
    let path = try scratch.write(bytes)
    #expect(throws: FileProblem.safetensors(fault, file: path), sourceLocation: sourceLocation) {
      try SafetensorsFile(path: path)
    }
  }

  private func one(
    _ name: String = "w",
    dtype: String = "F32",
    shape: String = "[2]",
    offsets: String = "[0,8]",
    more: String = ""
  ) -> String {
    #"{"\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}\#(more)}"#
  }

  private let eight = [UInt8](repeating: 0, count: 8)

  @Test func theHeaderMustBeThere() throws {
    try expect([], .tooShort(bytes: 0))
    try expect([1, 2, 3], .tooShort(bytes: 3))
    try expect([200, 0, 0, 0, 0, 0, 0, 0, 0x7B], .headerCut(bytes: 200, found: 1))
    let longest = [UInt8](repeating: 0xFF, count: 8)
    try expect(longest, .headerTooLong(bytes: .max, limit: 100_000_000))
    try expect(
      [0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0],
      .headerTooLong(bytes: 100_000_001, limit: 100_000_000)
    )
  }

  @Test func theHeaderMustBeJSON() throws {
    try expect(safetensors(""), .header(.syntax(needed: .text("{"), found: nil, line: 1)))
    try expect(safetensors(" {}"), .header(.syntax(needed: .text("{"), found: " ", line: 1)))
    try expect(safetensors("[]"), .header(.syntax(needed: .text("{"), found: "[", line: 1)))
    try expect(safetensors("{}x"), .header(.syntax(needed: .end, found: "x", line: 1)))
    let twice = one(more: #","w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#)
    try expect(safetensors(twice, data: eight), .header(.duplicateKey(path: "w", line: 1)))
    let bytes: [UInt8] = [5, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF, 0x22, 0x7D]
    try expect(bytes, .header(.notUTF8(line: 1)))
  }

  @Test func everyEntryMustBeWhole() throws {
    try expect(
      safetensors(#"{"w":3}"#),
      .header(.wrong(path: "w", needed: .object, found: "3", line: 1))
    )
    try expect(safetensors(#"{"w":{}}"#), .header(.missing(path: "w.dtype")))
    try expect(safetensors(#"{"w":{"dtype":"F32"}}"#), .header(.missing(path: "w.shape")))
    try expect(
      safetensors(#"{"w":{"dtype":"F32","shape":[]}}"#),
      .header(.missing(path: "w.data_offsets"))
    )
    try expect(
      safetensors(one(shape: "[1.5]")),
      .header(.wrong(path: "w.shape[0]", needed: .integer, found: "1.5", line: 1))
    )
    try expect(
      safetensors(#"{"__metadata__":{"step":5}}"#),
      .header(.wrong(path: "__metadata__.step", needed: .string, found: "5", line: 1))
    )
  }

  @Test func typesAndShapesMustBeKnown() throws {
    let type = one(dtype: "F8_E4M3")
    try expect(safetensors(type, data: eight), .unknownType(tensor: "w", found: "F8_E4M3"))
    try expect(safetensors(one(shape: "[-2]"), data: eight), .shape(tensor: "w", shape: [-2]))
    let huge = one(shape: "[4294967296,4294967296]")
    try expect(
      safetensors(huge, data: eight),
      .shape(tensor: "w", shape: [4_294_967_296, 4_294_967_296])
    )
    let minimum = one(shape: "[-9223372036854775808,0]")
    try expect(safetensors(minimum), .shape(tensor: "w", shape: [.min, 0]))
  }

  @Test(arguments: [[-8, 0], [8, 0], [0, 9], [0], [], [0, 8, 16], [.min, .max], [4, 12]])
  func offsetsMustLieInTheData(offsets: [Int]) throws {
    let header = one(offsets: "\(offsets)")
    try expect(
      safetensors(header, data: eight),
      .offsets(tensor: "w", found: offsets, dataBytes: 8)
    )
  }

  @Test func everyByteMustBelongToOneTensor() throws {
    let four = #","x":{"dtype":"F32","shape":[1],"data_offsets":["#
    let sixteen = eight + eight
    try expect(
      safetensors(one(shape: "[3]"), data: eight),
      .byteCount(tensor: "w", needed: 12, found: 8)
    )
    try expect(
      safetensors(one(offsets: "[8,16]"), data: sixteen),
      .start(tensor: "w", needed: 0, found: 8)
    )
    try expect(
      safetensors(one(more: four + "10,14]}"), data: sixteen),
      .start(tensor: "x", needed: 8, found: 10)
    )
    try expect(
      safetensors(one(more: four + "4,8]}"), data: sixteen),
      .start(tensor: "x", needed: 8, found: 4)
    )
    try expect(safetensors(one(), data: sixteen), .trailing(needed: 8, found: 16))
    try expect(safetensors("{}", data: [0]), .trailing(needed: 0, found: 1))
  }

  @Test func whatIsNoFileIsRefused() throws {
    let scratch = try Scratch()
    let missing = scratch.path("nothing")
    #expect(throws: FileProblem.system(.missing, file: missing)) {
      try SafetensorsFile(path: missing)
    }
    let folder = scratch.path("")
    #expect(throws: FileProblem.system(.notAFile, file: folder)) {
      try SafetensorsFile(path: folder)
    }
    #expect(throws: FileProblem.system(.notAFile, file: "/dev/zero")) {
      try SafetensorsFile(path: "/dev/zero")
    }
  }
}
