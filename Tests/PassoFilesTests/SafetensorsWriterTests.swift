// SPDX-License-Identifier: MIT
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

@Suite struct SafetensorsWriterTests {
  private let tensors = [
    OutgoingTensor(name: "b", shape: [2, 2], floats: [1, -0.5, .infinity, 0x1p-149]),
    OutgoingTensor(name: "a \"\u{E8}\"\n", shape: [], doubles: [.pi]),
    OutgoingTensor(name: "c", shape: [0], floats: []),
  ]

  @Test func whatIsWrittenIsReadAgain() throws {
    let scratch = try Scratch()
    let path = scratch.path("model.safetensors")
    try SafetensorsWriter.write(tensors, metadata: ["format": "pt", "x": "\\"], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.names == ["a \"\u{E8}\"\n", "b", "c"])
    #expect(file.metadata == ["format": "pt", "x": "\\"])
    #expect(try file.readFloats("b") == [1, -0.5, .infinity, 0x1p-149])
    #expect(try file.readDoubles("a \"\u{E8}\"\n") == [.pi])
    #expect(try file.readFloats("c") == [])
    #expect(try scratch.names == ["model.safetensors"])
  }

  @Test func theBytesAreTheFormatsOwn() throws {
    let scratch = try Scratch()
    let tensor = OutgoingTensor(name: "w", shape: [1], floats: [1])
    try SafetensorsWriter.write([tensor], to: scratch.path("w"))
    let header = #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"# + "  "
    #expect(header.utf8.count == 56)
    #expect(try scratch.read("w") == safetensors(header, data: [0, 0, 0x80, 0x3F]))
  }

  @Test func anOldFileIsReplacedWhileItIsMapped() throws {
    let scratch = try Scratch()
    let path = scratch.path("w")
    try SafetensorsWriter.write([OutgoingTensor(name: "w", shape: [1], floats: [1])], to: path)
    let old = try SafetensorsFile(path: path)
    try SafetensorsWriter.write([OutgoingTensor(name: "w", shape: [2], floats: [2, 3])], to: path)
    #expect(try old.readFloats("w") == [1])
    #expect(try SafetensorsFile(path: path).readFloats("w") == [2, 3])
  }

  @Test func aFailureHalfwayLeavesTheOldFile() throws {
    let scratch = try Scratch()
    let path = try scratch.write([1, 2, 3], to: "w")
    let wrong = OutgoingTensor(name: "x", shape: [3], floats: [1, 2])
    let fault = SafetensorsFault.valueCount(tensor: "x", needed: 3, found: 2)
    #expect(throws: FileProblem.safetensors(fault, file: path)) {
      try SafetensorsWriter.write(tensors + [wrong], to: path)
    }
    #expect(try scratch.read("w") == [1, 2, 3])
    #expect(try scratch.names == ["w"])
  }

  @Test func aTargetThatCannotBeReplacedLeavesNothingBehind() throws {
    let scratch = try Scratch()
    let inside = try Scratch()
    _ = try inside.write([1], to: "full")
    let folder = String(inside.path("").dropLast())
    #expect(throws: FileProblem.system(.notAFile, file: folder)) {
      try SafetensorsWriter.write(tensors, to: folder)
    }
    #expect(try inside.names == ["full"])
    let missing = scratch.path("none/w")
    #expect(throws: FileProblem.system(.missingFolder, file: missing)) {
      try SafetensorsWriter.write(tensors, to: missing)
    }
    let throughFile = try scratch.write([], to: "file") + "/w"
    #expect(throws: FileProblem.system(.notAFolder, file: throughFile)) {
      try SafetensorsWriter.write(tensors, to: throughFile)
    }
    #expect(try scratch.names == ["file"])
  }

  @Test func namesMustDiffer() throws {
    let scratch = try Scratch()
    for name in ["w", "__metadata__"] {
      let tensor = OutgoingTensor(name: name, shape: [1], floats: [1])
      #expect(throws: FileProblem.safetensors(.name(name), file: scratch.path("w"))) {
        try SafetensorsWriter.write([tensor, tensor], to: scratch.path("w"))
      }
    }
    #expect(try scratch.names == [])
  }

  @Test func shapesThatCannotBeCountedAreRefused() throws {
    let scratch = try Scratch()
    for shape in [[-1], [.max], [.max / 4, 2]] {
      let tensor = OutgoingTensor(name: "w", shape: shape, floats: [])
      #expect(
        throws: FileProblem.safetensors(.shape(tensor: "w", shape: shape), file: scratch.path("w"))
      ) {
        try SafetensorsWriter.write([tensor], to: scratch.path("w"))
      }
    }
  }
}
