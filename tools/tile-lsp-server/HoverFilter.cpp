//===- HoverFilter.cpp - documentation in an editor ------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The server writes to a pipe, which a thread reads. Answers whose contents
// begin with an operation of the dialect get its section of the reference page;
// all else goes on to the editor as it is.
//
//===----------------------------------------------------------------------===//

#include "HoverFilter.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/LSP/Transport.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdio>
#include <thread>
#include <unistd.h>

using namespace mlir::tile;
using llvm::StringRef;

static constexpr StringRef kPage =
#include "Tile.md.inc"
    ;

/// The summary, syntax and description of an operation.
static StringRef findSection(StringRef op) {
  std::string title = ("\n### `" + op + "` (").str();
  size_t begin = kPage.find(title);
  if (begin == StringRef::npos)
    return "";
  StringRef section = kPage.drop_front(begin + 1).split("\n").second;
  // Lists of traits and tables, which take much room, come last.
  for (StringRef end : {"\n### ", "\n## ", "\n#### ",
                        "\nTraits: ", "\nInterfaces: ", "\nEffects: "})
    section = section.take_front(section.find(end));
  return section.trim();
}

/// Adds the section of the operation that the contents are about, and of one
/// that defines the value there its summary.
static void addDocumentation(llvm::json::Value &message) {
  llvm::json::Object *object = message.getAsObject();
  object = object ? object->getObject("result") : nullptr;
  object = object ? object->getObject("contents") : nullptr;
  llvm::json::Value *value = object ? object->get("value") : nullptr;
  std::optional<StringRef> found =
      value ? value->getAsString() : std::optional<StringRef>();
  StringRef text = found.value_or("");
  StringRef rest = text;
  bool isValue = rest.consume_front("Operation: ");
  if (!rest.consume_front("\""))
    return;
  StringRef section = findSection(rest.split('"').first);
  if (section.empty())
    return;
  if (isValue)
    section = section.take_front(section.find("\n\n"));
  auto [head, tail] = text.split('\n');
  *value = (head + "\n\n" + section + "\n" + tail).str();
}

/// Passes on what is read until the pipe is closed.
static void filterMessages(std::FILE *from, llvm::raw_ostream &to) {
  llvm::lsp::JSONTransportInputOverFile input(from);
  while (!input.isEndOfInput()) {
    std::string text;
    if (failed(input.readMessage(text)))
      continue;
    llvm::Expected<llvm::json::Value> message = llvm::json::parse(text);
    if (message) {
      addDocumentation(*message);
      text.clear();
      llvm::raw_string_ostream(text) << *message;
    } else {
      consumeError(message.takeError());
    }
    to << "Content-Length: " << text.size() << "\r\n\r\n" << text;
    to.flush();
  }
}

int mlir::tile::runWithDocumentation(llvm::function_ref<int()> serve) {
  int ends[2], output = dup(STDOUT_FILENO);
  std::FILE *from = output < 0 || pipe(ends) ? nullptr : fdopen(ends[0], "r");
  if (!from)
    return serve();
  dup2(ends[1], STDOUT_FILENO);
  close(ends[1]);
  llvm::raw_fd_ostream editor(output, /*shouldClose=*/true);
  std::thread filter([&] { filterMessages(from, editor); });
  int result = serve();
  llvm::outs().flush();
  std::fflush(stdout);
  // The last writer of the pipe goes, so that the thread comes to its end.
  dup2(output, STDOUT_FILENO);
  filter.join();
  std::fclose(from);
  return result;
}
