// SPDX-License-Identifier: MIT

import Foundation
import PassoSession
import Testing

@testable import PassoShell

/// What people type who come from other programs does what they mean, or names what does.
struct OtherToolsTests {
  @Test(arguments: [":quit()", ":QUIT", ":q()", "exit()", "quit;", "Exit"])
  func leaves(line: String) throws {
    #expect(try ShellProbe().type(line).outcome == .finished)
  }

  /// What opens a lesson in a shell opens it here.
  @Test func theProgramsOwnNameIsNoPartOfTheLine() throws {
    let (probe, other) = try (ShellProbe(), ShellProbe())
    #expect(probe.run("passo lesson 1") == other.run(":lesson 1"))
  }

  @Test(arguments: [
    ("sum(W_E, axis=0)", "sum(W_E, axis: vocab)"), ("sum(W_E, dim=-1)", "sum(W_E, axis: model)"),
    ("softmax(W_E, dim=-1)", "softmax(W_E)"), ("argmax(W_E, axis=1)", "argmax(W_E)"),
  ])
  func axesMayBeSaidAsElsewhere(line: String, same: String) throws {
    let session = try Session()
    #expect(
      try session.tensor(of: line) == session.tensor(of: same)
    )
  }

  @Test(arguments: [
    ("model.generate(\"Il gatto\")", ":generate"), ("model.eval()", ":eval"),
    ("y = model.generate(x)", ":generate"), ("tokenizer.encode(\"a\")", ":tokens"),
    ("optimizer.step()", ":step"), ("W_E.item()", "W_E"), ("print(W_E)", "W_E"),
    ("W_E.T", "transpose(W_E)"), ("np.mean(W_E)", "mean"), ("W_E.mean(axis=0)", "mean(W_E)"),
    ("mean(W_E, 0)", "axis: 0"), ("softmax(W_E, dim=0)", "transpose"), ("x = 3", "let x"),
    ("pi", "3.14159"), ("10 % 3", "a / b"), ("tokens[1:3]", "x[0, 1:3]"),
    (":train --num_train_epochs 3", ":train 3"), (":train 3 epochs", ":train 3"),
    (":train lr=0.1", ":set lr = 0.1"), (":set lr 0.1", ":set lr = 0.1"),
    (":model --n-layer 4", ":model new"), (":model hidden_size 64", ":model new"),
    (":corpus gatto-1 --batch_size 4", "rows"), (":generate Il gatto", ":generate \"Il gatto\""),
    (":generate --max-new-tokens 3", ":generate 20"), (":x", ":quit"), (":wq", ":save"),
    (":optimizer sgd 0.1 max_grad_norm 1", "clip"), (":optimizer lr 0.1", ":set lr"),
    (":chat Ciao", ":generate chat"), (":help softmax", ":lesson 5"),
    (":help logits", ":explain logits"), (":help logit", ":explain logits"),
    (":lens", ":until logits"),
    (":generate chat \"Chi sei?\"", ":model"), (":generate chat", ":generate chat \"Ciao\""),
    (":generate chat chi sei", ":generate chat \"chi sei\""), ("let x = 0,5", "1.5"),
    (":generate \"Il\" top-p 2", "1"), ("W_E[gatto]", "W_E[\"gatto\"]"), (":fork 1a", ":fork"),
    (":mask 3", ":mask causal"), (":goto 0:999", "95"), (":curve W_E", "W_E[0, 0]"),
  ])
  func theWayOnIsNamed(line: String, way: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .failed && reply.errors.contains(way))
  }

  @Test(arguments: [
    ":generate \"Il gatto\" 2 --temperature 0.5", ":generate 2 top_k=2", ":corpus gatto-1 rows=4",
    ":optimizer adamw lr=0.01", ":optimizer adamw lr 0.01 clip=1", ":help()", "man step",
    ":optimizer adamw --learning_rate 0.01", ":generate \"Il gatto\" 2 temperature 0",
    ":goto 0:25", ":goto 2:95",
  ])
  func isUnderstood(line: String) throws {
    #expect(try ShellProbe().type(line).outcome == .done)
  }

  @Test(arguments: [":corpus", ":merges"])
  func aTextThatIsNotUTF8NamesTheWordThatReadsIt(command: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "perché \(UUID()).txt").path
    let text = String(repeating: "perch\u{E9} cos\u{EC} \u{E8} la citt\u{E0}. ", count: 40)
    try #require(text.data(using: .isoLatin1)).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let probe = try ShellProbe(.it)
    let refused = probe.type("\(command) \"\(path)\"")
    let wayOn = "\(command) \"\(path)\" replace-invalid"
    #expect(refused.outcome == .failed && refused.errors.contains(wayOn))
    #expect(probe.type(wayOn).outcome == .done)
    #expect(probe.type("\(command) \"\(path)\" --replace_invalid").outcome == .done)
  }
}
