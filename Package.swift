// swift-tools-version: 6.3
import PackageDescription

// The commit that `passo --version` names, as the makers of packages say it: SwiftPM's own
// `Context.gitInformation` stays what it was when the manifest was read first.
let commit = Context.environment["PASSO_COMMIT"]?.filter { $0.isLetter || $0.isNumber || $0 == "-" }

// A target exists where an import must be impossible: the arrows below are the only ones.
let package = Package(
  name: "passo",
  products: [.executable(name: "passo", targets: ["passo"])],
  dependencies: [
    // Exactly: ParserMessage and HelpText recognize its English sentences to put them in Italian.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // C libraries.
    .systemLibrary(
      name: "CCmark",
      pkgConfig: "libcmark-gfm",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]
    ),
    .target(
      name: "CKernels",
      // As in release. On a Xeon with AVX-512 a product takes 0.94 ms so, 9.3 ms with the -O0 of a
      // debug build; -O3 changes neither a time (AVX-512 and AVX2) nor a bit.
      cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]
    ),
    .target(name: "CLibedit", linkerSettings: [.linkedLibrary("edit")]),
    .target(
      name: "CVersion",
      cSettings: commit.map { [.define("PASSO_COMMIT", to: "\"\($0)\"")] }
    ),

    // Passo, from the bottom up.
    .target(name: "PassoText"),
    .target(name: "PassoRuntime", dependencies: ["PassoText", "CKernels"]),
    .target(
      name: "PassoEngine",
      dependencies: ["PassoText", "PassoRuntime", "CKernels"]
    ),
    .target(
      name: "PassoData",
      dependencies: ["PassoText", "PassoRuntime"],
      resources: [
        .embedInCode("Resources/compatibility.txt"), .embedInCode("Resources/gatto-1.grammar"),
      ]
    ),
    .target(name: "PassoFiles", dependencies: ["PassoText", "PassoRuntime", "PassoData"]),
    .target(
      name: "PassoModel",
      dependencies: ["PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles"],
      resources: [.embedInCode("Resources/train.py")]
    ),
    .target(
      name: "PassoEvaluation",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
      ]
    ),
    .target(
      name: "PassoView",
      dependencies: ["PassoText"],
      resources: [
        .embedInCode("Resources/handout.css"), .embedInCode("Resources/notebook.css"),
        .embedInCode("Resources/page.css"), .embedInCode("Resources/page.js"),
      ]
    ),
    .target(
      name: "PassoLesson",
      dependencies: ["PassoText", "CCmark"],
      resources: [
        .embedInCode("Resources/new-lesson.en.md"), .embedInCode("Resources/new-lesson.it.md"),
      ]
    ),
    .target(name: "PassoExpressions", dependencies: ["PassoText", "PassoRuntime", "PassoEngine"]),
    .target(
      name: "PassoSession",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoExpressions",
      ]
    ),
    .target(
      name: "PassoSessionViews",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoExpressions", "PassoSession", "PassoView",
      ]
    ),
    .target(
      name: "PassoShell",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoExpressions", "PassoSession", "PassoSessionViews", "PassoView",
        "PassoLesson",
      ]
    ),
    .executableTarget(
      name: "passo",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoSession", "PassoSessionViews", "PassoView", "PassoLesson",
        "PassoShell", "CLibedit", "CVersion",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("Resources/completion.bash"), .embedInCode("Resources/completion.fish"),
        .embedInCode("Resources/completion.zsh"),
      ],
      // To the first loss of a lesson it takes 9.6 ms so, 15.5 ms with libraries that are bound when
      // the program starts. By lld, because others warn of functions that nobody here calls.
      swiftSettings: [
        .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release))
      ],
      linkerSettings: [
        .unsafeFlags(
          ["-static-stdlib", "-use-ld=lld"],
          .when(platforms: [.linux], configuration: .release)
        )
      ]
    ),

    // Tests mirror the targets.
    .target(
      name: "PassoTestSupport",
      dependencies: ["PassoRuntime", "PassoEngine", "PassoData", "PassoFiles"],
      path: "Tests/PassoTestSupport",
      resources: [.copy("Reference")]
    ),
    .target(
      name: "PassoFuzz",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoView", "PassoLesson", "PassoShell",
      ],
      path: "Tests/PassoFuzz"
    ),
    .executableTarget(
      name: "passo-fuzz",
      dependencies: [
        "PassoFuzz", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/passo-fuzz"
    ),
    // They run the program.
    .testTarget(name: "PassoFuzzTests", dependencies: ["PassoFuzz", "passo-fuzz"]),
    .testTarget(name: "PassoTextTests", dependencies: ["PassoText"], exclude: ["Reference"]),
    .testTarget(name: "PassoRuntimeTests", dependencies: ["PassoText", "PassoRuntime"]),
    .testTarget(
      name: "PassoEngineTests",
      dependencies: ["PassoText", "PassoRuntime", "PassoEngine", "CKernels", "PassoTestSupport"]
    ),
    .testTarget(
      name: "PassoDataTests",
      dependencies: ["PassoText", "PassoRuntime", "PassoData", "PassoTestSupport"]
    ),
    .testTarget(
      name: "PassoFilesTests",
      dependencies: ["PassoText", "PassoRuntime", "PassoData", "PassoFiles", "PassoTestSupport"]
    ),
    .testTarget(
      name: "PassoModelTests",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoFuzz", "PassoTestSupport",
      ]
    ),
    .testTarget(
      name: "PassoEvaluationTests",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoTestSupport",
      ]
    ),
    .testTarget(
      name: "PassoViewTests",
      dependencies: ["PassoText", "PassoRuntime", "PassoEngine", "PassoView"]
    ),
    .testTarget(name: "PassoLessonTests", dependencies: ["PassoText", "PassoLesson"]),
    .testTarget(
      name: "PassoExpressionsTests",
      dependencies: ["PassoText", "PassoEngine", "PassoExpressions", "PassoTestSupport"]
    ),
    .testTarget(
      name: "PassoSessionTests",
      dependencies: ["PassoEngine", "PassoModel", "PassoSession"]
    ),
    .testTarget(
      name: "PassoSessionViewsTests",
      dependencies: ["PassoFiles", "PassoModel", "PassoSession", "PassoSessionViews", "PassoView"]
    ),
    .testTarget(
      name: "PassoShellTests",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoEvaluation", "PassoExpressions", "PassoSession", "PassoView", "PassoLesson",
        "PassoShell", "PassoTestSupport",
      ],
      exclude: ["Transcripts"]
    ),
    .testTarget(
      name: "PassoTests",
      dependencies: [
        "PassoText", "PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel",
        "PassoView", "PassoShell", "passo", "CLibedit", "PassoFuzz",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    // What the sources themselves keep to.
    .testTarget(name: "HouseTests"),
  ],
  swiftLanguageModes: [.v6]
)

// Tests and their programs train models, enumerate languages and read files of strangers: on two
// cores of a Zen 4 they take 207 s so, 415 with the engine alone optimized, file by file; to build
// them 257 s and 318.
let hurried: Set = ["PassoRuntime", "PassoEngine", "PassoData", "PassoFiles", "PassoModel"]

// What a person reads and types gains little from the optimizer: `passo lint` takes 13.4 s with it
// and 14.1 without, the start as long; a release build takes 230 s and 169.
let unhurried: Set = ["PassoLesson", "PassoView", "PassoSessionViews", "PassoShell"]

for target in package.targets {
  if hurried.contains(target.name) {
    let flags = [
      "-O", "-whole-module-optimization", "-disable-batch-mode", "-num-threads", "2",
    ]
    target.swiftSettings = [.unsafeFlags(flags, .when(configuration: .debug))]
  }
  if unhurried.contains(target.name) {
    target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
  }
}

// What is deprecated here is a mistake: see `Bilingual` in an interpolation.
for target in package.targets where [.regular, .executable, .test].contains(target.type) {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [.treatWarning("DeprecatedDeclaration", as: .error)]
}
