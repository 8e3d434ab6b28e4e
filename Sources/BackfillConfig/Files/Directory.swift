import Glibc

/// Listing the files of a directory.
enum Directory {
  /// The names of the `.yaml` and `.yml` files in `path`, sorted; hidden ones left out, none when there is no such directory.
  static func yamlFiles(in path: String) throws(FileProblem) -> [String] {
    guard let handle = opendir(path) else {
      if errno == ENOENT { return [] }
      throw FileProblem("cannot be read: \(FileText.reason(errno))")
    }
    defer { closedir(handle) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(handle) else {
        guard errno == 0 else { throw FileProblem("cannot be read: \(FileText.reason(errno))") }
        return names.sorted()
      }
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isRead(name) { names.append(name) }
    }
  }
}

extension Directory {
  /// Whether files of this name are read at all.
  static func isRead(_ name: String) -> Bool { !name.hasPrefix(".") && Path.stem(name) != name }

  /// Whether `path` is a directory, or a link to one.
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether there is anything at `path`, also a link to nowhere, whose reading then says what is wrong.
  static func has(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 || errno != ENOENT
  }
}

/// Paths as text.
enum Path {
  /// The file name: what follows the last `/`.
  static func last(_ path: String) -> String {
    String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }

  /// What precedes the last `/`; `.` when there is none.
  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A name that is read, for a file called `name`, which is not.
  static func readable(_ name: String) -> String {
    let bare = name.drop { $0 == "." }
    let stem = bare.lastIndex(of: ".").map { bare[..<$0] } ?? bare
    return "\(stem.isEmpty ? "window" : stem).yaml"
  }

  /// `name` without `.yaml` or `.yml`.
  static func stem(_ name: String) -> String {
    for ending in [".yaml", ".yml"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
    return name
  }

  /// `path` as seen from `directory`; an absolute `path` stays as it is.
  static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }

  /// `path` made absolute with the working directory of this process.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let working = getcwd(nil, 0) else { return path }
    defer { free(working) }
    let relative = path == "." ? "" : path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return relative.isEmpty ? String(cString: working) : join(String(cString: working), relative)
  }

  /// The directory of pipelines that belongs to the windows in `directory`: its neighbour `pipelines.d`.
  static func pipelines(besides directory: String) -> String {
    let trimmed = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    if trimmed == "." || last(trimmed) == ".." { return "\(trimmed)/../pipelines.d" }
    let above = parent(trimmed)
    return above == "." && !trimmed.hasPrefix(".") ? "pipelines.d" : join(above, "pipelines.d")
  }
}
